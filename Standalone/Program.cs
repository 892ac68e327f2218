using Standalone;
using Standalone.Lifetime;

return await StartGuard.RunAsync(async () =>
{
    var options = StandaloneOptions.Parse(args);
    AwsIsolation.Apply();

    using var stop = new StopRequest(options.UntilInputEnds);
    using var run = await RunLock.TakeAsync(options.DataFolder, TimeProvider.System, stop.Token);
    await using var system = await EmbeddedSystem.StartAsync(options, stop.Token);

    Banner.Write(Console.Out, options, system);
    var why = await system.WaitAsync(stop.Token);

    run.SayStopping();
    await system.StopAsync();
    return why;
});
