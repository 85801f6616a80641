using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace NetServ.Node.Containers.Bundles;

/// <summary>What an assembly states about itself, read from its metadata; none of its code runs.</summary>
internal static class AssemblyFacts
{
    /// <summary>Simple name and <c>AssemblyMetadata</c> pairs; null if the bytes are no managed assembly.</summary>
    public static (string Name, Dictionary<string, string> Metadata)? Read(byte[] image)
    {
        try
        {
            using PEReader pe = new(new MemoryStream(image, writable: false));
            if (!pe.HasMetadata)
                return null;
            MetadataReader reader = pe.GetMetadataReader();
            if (!reader.IsAssembly)
                return null;
            AssemblyDefinition assembly = reader.GetAssemblyDefinition();
            Dictionary<string, string> metadata = [];
            foreach (CustomAttributeHandle handle in assembly.GetCustomAttributes())
                AddMetadata(reader, reader.GetCustomAttribute(handle), metadata);
            return (reader.GetString(assembly.Name), metadata);
        }
        catch (BadImageFormatException)
        {
            return null;
        }
    }

    private static void AddMetadata(MetadataReader reader, CustomAttribute attribute, Dictionary<string, string> metadata)
    {
        if (attribute.Constructor.Kind != HandleKind.MemberReference)
            return;
        EntityHandle parent = reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent;
        if (parent.Kind != HandleKind.TypeReference)
            return;
        TypeReference type = reader.GetTypeReference((TypeReferenceHandle)parent);
        if (!reader.StringComparer.Equals(type.Name, "AssemblyMetadataAttribute") || !reader.StringComparer.Equals(type.Namespace, "System.Reflection"))
            return;
        // ECMA-335 partition II section 23.3: prolog 0x0001, then the constructor's two strings.
        BlobReader value = reader.GetBlobReader(attribute.Value);
        if (value.ReadUInt16() == 1 && value.ReadSerializedString() is string key)
            metadata[key] = value.ReadSerializedString() ?? "";
    }
}
