#pragma warning disable ASPIREPIPELINES001 // the pipeline's API is still marked as experimental

using System.Diagnostics;
using AppHost.Publishing;
using Aspire.Hosting.Pipelines;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AppHost.Tests;

/// <summary>
/// The steps in a pipeline of their own, above which lies a checkout whose <c>pixel.cs</c> compiles nothing: it is run as the
/// real one is, writes down what it was given, and complains when it is told to.
/// </summary>
public sealed class PublishingTests : IClassFixture<PublishingTests.Checkout>
{
    private readonly Checkout _checkout;

    public PublishingTests(Checkout checkout)
    {
        _checkout = checkout;
        checkout.Clear();
    }

    [Fact]
    public async Task Publishing_runs_the_command_with_the_settings_as_its_options_and_shows_what_it_says()
    {
        var said = await RunAsync("publish", "--Publish:Way=httpapi", "--Publish:Waf=false", "--Publish:CustomDomain=true", "--Publish:Parameters:PixelLake.BufferSeconds=60");

        Assert.Equal(
            ["publish", "-o", _checkout.Output, "--custom-domain", "--parameter", "PixelLake.BufferSeconds=60", "--way", "httpapi"],
            _checkout.Arguments);
        Assert.Contains("0 s: templates", said);
        Assert.Contains("beacon.zip: 10.5 MB", said);
        Assert.False(File.Exists(Path.Combine(_checkout.Output, "deployed")));
    }

    [Fact]
    public async Task A_command_that_fails_fails_the_step_with_its_last_complaint_alone()
    {
        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => RunAsync("publish", "--Publish:Region=nowhere"));

        Assert.Equal("--region takes a region such as eu-central-1, not nowhere.", failure.Message);
    }

    [Fact]
    public async Task Deploying_publishes_first_and_then_runs_the_script_that_was_written()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh.");

        var said = await RunAsync("deploy");

        Assert.Equal(["publish", "-o", _checkout.Output], _checkout.Arguments);
        Assert.Equal("Deploying PixelLake in eu-central-1...", said[^1]);
        Assert.True(File.Exists(Path.Combine(_checkout.Output, "deployed")));
    }

    [Fact]
    public async Task Nothing_is_deployed_when_publishing_failed()
    {
        await Assert.ThrowsAsync<DistributedApplicationException>(() => RunAsync("deploy", "--Publish:Region=nowhere"));

        Assert.False(File.Exists(Path.Combine(_checkout.Output, "deployed")));
    }

    [Fact]
    public async Task Destroying_runs_the_command_when_it_is_meant()
    {
        await RunAsync("destroy", "--yes", "true");

        Assert.Equal(["destroy", "-o", _checkout.Output, "--yes"], _checkout.Arguments);
    }

    [Fact]
    public async Task Nothing_is_destroyed_when_nobody_can_be_asked()
    {
        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => RunAsync("destroy"));

        Assert.Equal("Nothing was deleted, since nobody can be asked: --yes true says that it is meant.", failure.Message);
        Assert.Empty(_checkout.Arguments);
    }

    [Theory]
    [InlineData(PublishingSteps.PublishStep)]
    [InlineData(PublishingSteps.DeployStep)]
    [InlineData(PublishingSteps.DestroyStep)]
    public async Task A_pipeline_that_is_told_no_step_runs_none_of_these(string step)
    {
        await using var app = _checkout.Build("--operation", "publish", "--yes", "true");
        var steps = await StepsOfAsync(app);

        // Where no step is named Aspire runs all of them, the container engine's among them: this one is run alone.
        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => steps.Single(known => known.Name == step).Action(ContextOf(app)));

        Assert.Equal("Say what to do with --step publish, --step deploy or --step destroy.", failure.Message);
        Assert.Empty(_checkout.Arguments);
    }

    [Theory]
    [InlineData("Publish:Wfa=true", "There is no setting Publish:Wfa: Publish takes Way, Architecture, LoadBalancer, Region, PackageBucket, Waf, CustomDomain and Parameters.")]
    [InlineData("Publish:Waf=yes", "The setting Publish:Waf is \"yes\"; it takes true or false.")]
    public void A_setting_that_nothing_takes_is_refused(string setting, string sentence)
    {
        var configuration = new ConfigurationBuilder().AddCommandLine([$"--{setting}"]).Build();

        Assert.Equal(sentence, Assert.Throws<DistributedApplicationException>(() => PublishSettings.Options(configuration)).Message);
    }

    [Fact]
    public async Task Every_setting_is_an_option_of_the_real_command()
    {
        var said = new Said();
        await new RepositoryCommand("dotnet", [BuiltPrograms.Assembly("Cli"), "publish", "--help"], AppContext.BaseDirectory).RunAsync(said, TestContext.Current.CancellationToken);

        Assert.All(
            PublishSettings.Texts.Values.Concat(PublishSettings.Switches.Values).Concat(["-o", "--parameter"]),
            option => Assert.Contains(said.Lines, line => line.Split(' ', ',').Contains(option)));
    }

    [Fact]
    public async Task A_command_that_is_killed_is_not_explained_by_what_it_said_last()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh.");
        var killed = new RepositoryCommand("sh", ["-c", "echo 12 s: the beacon >&2; kill -9 $$"], _checkout.Folder);

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => killed.RunAsync(new Said(), TestContext.Current.CancellationToken));

        Assert.EndsWith("ended with exit code 137.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_is_not_there_is_said_in_a_sentence()
    {
        var missing = new RepositoryCommand("no-such-program", [], _checkout.Folder);

        var failure = await Assert.ThrowsAsync<DistributedApplicationException>(() => missing.RunAsync(new Said(), TestContext.Current.CancellationToken));

        Assert.StartsWith("`no-such-program` could not be started in ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_that_is_cancelled_ends_what_its_command_has_started()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no sh.");
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var said = new Said(line =>
        {
            if (int.TryParse(line, out _))
            {
                cancel.Cancel();
            }
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new RepositoryCommand("sh", ["-c", "sleep 600 & echo $!; wait"], _checkout.Folder).RunAsync(said, cancel.Token));

        var child = int.Parse(said.Lines[^1], System.Globalization.CultureInfo.InvariantCulture);
        try
        {
            using var process = Process.GetProcessById(child);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        catch (ArgumentException)
        {
            // It is gone already.
        }
    }

    private async Task<IReadOnlyList<string>> RunAsync(string step, params string[] settings)
    {
        await using var app = _checkout.Build(["--operation", "publish", "--step", step, "--output-path", _checkout.Output, .. settings]);
        var said = new Said();
        await app.Services.GetRequiredService<IDistributedApplicationPipeline>().ExecuteAsync(ContextOf(app, said).PipelineContext);
        return said.Lines;
    }

    private static async Task<IReadOnlyList<PipelineStep>> StepsOfAsync(DistributedApplication app)
    {
        IReadOnlyList<PipelineStep> steps = [];
        var pipeline = app.Services.GetRequiredService<IDistributedApplicationPipeline>();
        pipeline.AddPipelineConfiguration(context =>
        {
            steps = context.Steps;
            throw new OperationCanceledException(); // before any of them runs
        });
        await Assert.ThrowsAsync<OperationCanceledException>(() => pipeline.ExecuteAsync(ContextOf(app).PipelineContext));
        return steps;
    }

    private static PipelineStepContext ContextOf(DistributedApplication app, ILogger? logger = null) => new()
    {
        PipelineContext = new(
            app.Services.GetRequiredService<DistributedApplicationModel>(),
            app.Services.GetRequiredService<DistributedApplicationExecutionContext>(),
            app.Services,
            logger ?? new Said(),
            TestContext.Current.CancellationToken),
        ReportingStep = null!, // what a step says goes to its log
    };

    /// <summary>The lines that were logged.</summary>
    private sealed class Said(Action<string>? heard = null) : ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines
        {
            get
            {
                lock (_lines)
                {
                    return [.. _lines];
                }
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = formatter(state, exception);
            lock (_lines)
            {
                _lines.Add(line);
            }

            heard?.Invoke(line);
        }
    }

    /// <summary>A folder with a <c>pixel.cs</c>, compiled once for all of these.</summary>
    public sealed class Checkout : IDisposable
    {
        public Checkout()
        {
            File.WriteAllText(Path.Combine(Folder, "pixel.cs"), """
                #:property PublishAot=false
                File.WriteAllLines("arguments", args);
                if (args is ["publish", "-o", var output, ..])
                {
                    Console.Error.WriteLine("0 s: templates");
                    if (args.Contains("nowhere"))
                    {
                        Console.Error.WriteLine("--region takes a region such as eu-central-1, not nowhere.");
                        return 1;
                    }

                    Directory.CreateDirectory(output);
                    File.WriteAllText(Path.Combine(output, "deploy.sh"), "cd \"$(dirname \"$0\")\"\ntouch deployed\necho 'Deploying PixelLake in eu-central-1...'\n");
                    Console.WriteLine("beacon.zip: 10.5 MB");
                }

                return 0;
                """);
            Directory.CreateDirectory(Path.Combine(Folder, "AppHost"));
        }

        public string Folder { get; } = Directory.CreateTempSubdirectory("pixel-publishing-").FullName;

        /// <summary>What the command was given, by the present test.</summary>
        public IEnumerable<string> Arguments => File.Exists(Path.Combine(Folder, "arguments")) ? File.ReadLines(Path.Combine(Folder, "arguments")) : [];

        public string Output => Path.Combine(Folder, "out");

        /// <summary>Forgets what the test before has left.</summary>
        public void Clear()
        {
            File.Delete(Path.Combine(Folder, "arguments"));
            if (Directory.Exists(Output))
            {
                Directory.Delete(Output, recursive: true);
            }
        }

        public DistributedApplication Build(params string[] args)
        {
            var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions
            {
                Args = args,
                ProjectDirectory = Path.Combine(Folder, "AppHost"),
                DisableDashboard = true,
            });
            builder.AddPublishing();
            return builder.Build();
        }

        public void Dispose() => Directory.Delete(Folder, recursive: true);
    }
}
