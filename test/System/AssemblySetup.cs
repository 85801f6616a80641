// Each of these tests runs a whole system. Most measure it: those run one at a time. The fixtures that only ask and look may run beside each other.
[assembly: NonParallelizable]
[assembly: LevelOfParallelism(2)]
[assembly: FixtureLifeCycle(LifeCycle.SingleInstance)]
