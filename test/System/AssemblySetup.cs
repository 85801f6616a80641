// Each of these tests runs a whole system and measures it: one at a time, and nothing that hangs.
[assembly: NonParallelizable]
[assembly: FixtureLifeCycle(LifeCycle.SingleInstance)]
