using Bench.Micro;
using BenchmarkDotNet.Running;

BenchmarkSwitcher.FromAssembly(typeof(EventBenchmarks).Assembly).Run(args);
