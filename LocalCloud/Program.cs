using LocalCloud;

return await StartGuard.RunAsync(
    args,
    build: builder => builder.AddLocalCloud(),
    map: app => app.MapLocalCloud());
