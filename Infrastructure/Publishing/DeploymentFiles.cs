using System.Globalization;
using System.Text;
using Infrastructure.Edge;
using Infrastructure.Functions;

namespace Infrastructure.Publishing;

/// <summary>What stands beside templates, parameters and packages: the scripts, their settings, and the page that says what to run.</summary>
internal sealed class DeploymentFiles(PublishOptions options, IReadOnlyList<StackParameterFile> stacks, IReadOnlyList<PublishedPackage> packages, string? imageTag)
{
    /// <summary>Tells an earlier publication from somebody's folder.</summary>
    public const string SettingsFile = "settings.sh";

    /// <summary>The repository of the beacon's image.</summary>
    public const string ImageRepository = "pixelaspire/beacon";

    private const string PackagePrefix = "pixelaspire/";

    private static readonly string[] Scripts = ["fill.sh", "deploy.sh", "destroy.sh"];

    /// <summary>The key of a package in its bucket.</summary>
    public static string KeyOf(PublishedPackage package) => PackagePrefix + package.FileName;

    /// <summary>Writes all of them into a folder.</summary>
    public void Write(string folder)
    {
        foreach (var name in Scripts)
        {
            var path = Path.Combine(folder, name);
            using (var script = typeof(DeploymentFiles).Assembly.GetManifestResourceStream(name)!)
            using (var file = File.Create(path))
            {
                script.CopyTo(file);
            }

            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, PackageZip.Executable);
            }
        }

        File.WriteAllText(Path.Combine(folder, SettingsFile), Settings());
        File.WriteAllText(Path.Combine(folder, "README.md"), Readme());
    }

    private string Settings()
    {
        var region = options.Edge.Region is { } given
            ? $"REGION={given}"
            : """
              REGION=${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region || true)}}
              if [ -z "$REGION" ]; then
                echo "Say which region: export AWS_REGION=eu-central-1" >&2
                exit 1
              fi
              """;
        var bucket = options.PackageBucket is { } named
            ? $"PACKAGE_BUCKET={named}\nPACKAGE_BUCKET_IS_OURS=\nPACKAGE_BUCKET_OWNER="
            : """
              if [ -n "${PACKAGE_BUCKET:-}" ]; then
                PACKAGE_BUCKET_IS_OURS=
                PACKAGE_BUCKET_OWNER=
              else
                # The names of buckets are one for all accounts, and somebody may have guessed this one: a bucket of theirs is refused.
                account=$(aws sts get-caller-identity --query Account --output text)
                PACKAGE_BUCKET=pixelaspire-$account-$REGION
                PACKAGE_BUCKET_IS_OURS=1
                PACKAGE_BUCKET_OWNER="--expected-bucket-owner $account"
              fi
              """;
        return $$"""
            # What the scripts beside it have in common; written by `dotnet pixel.cs publish`.
            # PACKAGE_BUCKET in the environment names a bucket of your own, in the same region.
            export AWS_PAGER=
            STACKS="{{string.Join(' ', stacks.Select(stack => stack.Template.Stack))}}"
            PACKAGES="{{string.Join(' ', packages.Select(package => package.FileName))}}"
            PACKAGE_PREFIX={{PackagePrefix}}
            SECRETS="{{string.Join(' ', stacks.SelectMany(stack => stack.Template.Parameters.Where(parameter => parameter.IsSecret).Select(parameter => $"{stack.Template.Stack}.{parameter.Name}")))}}"
            IMAGE_REPOSITORY={{(imageTag is null ? "" : ImageRepository)}}
            IMAGE_TAG={{imageTag}}
            IMAGE_PLATFORM={{Platform}}
            {{region}}
            {{bucket}}

            region_of() {
              case $1 in
                {{PixelEdgeGlobalStack.DefaultName}} | {{PixelEdgeWatchStack.DefaultName}}) echo {{PixelEdgeGlobalStack.OnlyRegion}} ;;
                *) echo "$REGION" ;;
              esac
            }

            """;
    }

    private string Platform => options.Edge.Architecture is ProcessorArchitecture.Arm64 ? "linux/arm64" : "linux/amd64";

    private string Readme()
    {
        var page = new StringBuilder();
        var architecture = options.Edge.Architecture.InLambda();
        page.Append(CultureInfo.InvariantCulture, $$"""
            # A tracking pixel for an account of AWS

            Written by `dotnet pixel.cs publish` for the way `{{Way}}` on {{architecture}}. It needs the `aws` command (version 2, or a recent 1) with credentials that may make what the templates say{{(imageTag is null ? "" : ", and Docker for the beacon's image")}}.

            ```sh
            {{(options.Edge.Region is null ? "export AWS_REGION=eu-central-1    # the one that you want\n" : "")}}./deploy.sh
            ```

            That is all. It does what follows, and can be run again after a new publication: only what has changed is deployed.

            | file | what it is |
            |---|---|
            | `cdk.out/` | the templates, as CDK synthesizes them |
            | `parameters/` | the parameters of each stack; `${Stack.Output}` is filled in from that stack when it is there |

            """);
        foreach (var package in packages)
        {
            page.Append(CultureInfo.InvariantCulture, $"| `packages/{package.FileName}` | the {package.Program}: {Megabytes(package.Size)} zipped, {Megabytes(package.SizeOfFiles)} unpacked |\n");
        }

        if (imageTag is not null)
        {
            page.Append(CultureInfo.InvariantCulture, $"| `image/` | the beacon's program and a Dockerfile that only copies it; its tag is `{imageTag}` |\n");
        }

        page.Append("""
            | `settings.sh` | what the scripts know: stacks, packages, region, bucket |

            ## What is run, in order

            **1. A bucket for the packages**, in the region of the stacks. To choose one of your own: `export PACKAGE_BUCKET=my-bucket`.

            ```sh
            . ./settings.sh
            aws s3 mb "s3://$PACKAGE_BUCKET" --region "$REGION"
            ```

            **2. The packages.** Their names are hashes of what is in them: a function changes only when its program has.

            ```sh

            """);
        foreach (var package in packages)
        {
            page.Append(CultureInfo.InvariantCulture, $"aws s3api put-object --bucket \"$PACKAGE_BUCKET\" --key {KeyOf(package)} --body packages/{package.FileName} --region \"$REGION\" $PACKAGE_BUCKET_OWNER\n");
        }

        page.Append("```\n\n");
        if (imageTag is not null)
        {
            page.Append(CultureInfo.InvariantCulture, $$"""
                **The image**, in a repository of ECR.

                ```sh
                registry=$(aws sts get-caller-identity --query Account --output text).dkr.ecr.$REGION.amazonaws.com
                aws ecr create-repository --repository-name {{ImageRepository}} --region "$REGION"
                aws ecr get-login-password --region "$REGION" | docker login --username AWS --password-stdin "$registry"
                docker build --platform {{Platform}} --tag "$registry/{{ImageRepository}}:{{imageTag}}" image
                docker push "$registry/{{ImageRepository}}:{{imageTag}}"
                ```


                """);
        }

        page.Append("**3. The stacks**, each after those whose outputs it is given.\n\n```sh\n");
        foreach (var stack in stacks.Select(stack => stack.Template))
        {
            page.Append(CultureInfo.InvariantCulture, $"""
                ./fill.sh {stack.Stack}
                aws cloudformation deploy --stack-name {stack.Stack} --region {stack.Region ?? "\"$REGION\""} --capabilities CAPABILITY_IAM --no-fail-on-empty-changeset \
                  --template-file cdk.out/{stack.Stack}.template.json --parameter-overrides file://parameters/{stack.Stack}.filled.json

                """);
        }

        page.Append("```\n\n");
        if (stacks.Any(stack => stack.Values.GetValueOrDefault("ProducerRoleArn") is { Length: > 0 }))
        {
            page.Append("The lake is in another account than the edge: run `./deploy.sh PixelLake`, then `./deploy.sh` with the edge's stacks, then `./deploy.sh PixelWorker`, each with the credentials of its account. What one must know of the other is in `outputs/`.\n\n");
        }

        page.Append("""
            With CDK's own command instead, which needs no `cdk bootstrap` for these: `./fill.sh STACK && xargs cdk deploy --app cdk.out STACK <parameters/STACK.cdk`, in the same order.

            **4. The pixel's address** is an output of `PixelEdge`; an event is in the table when Firehose has written it and the hourly job has run.

            ```sh
            aws cloudformation describe-stacks --stack-name PixelEdge --region "$REGION" --query "Stacks[0].Outputs" --output table
            ```

            ## Before real traffic

            Parameters are in `parameters/`; publish again with `--parameter Name=Value` to keep a change. Look at these:

            - `BufferSeconds` of PixelLake: 15 shows events soon; 900 writes fewer and larger objects, which cost less to write and to query.
            - `EventsExpireAfterDays` of PixelLake: after how long events are deleted.
            - `AlertWebhookUrl` of PixelWorker is a secret and in no file: `AlertWebhookUrl=https://… ./deploy.sh`. Later deployments without it keep it.

            """);
        if (stacks.Any(stack => stack.Values.ContainsKey("CertificateArn") || stack.Values.ContainsKey("HostedZoneId")))
        {
            page.Append("- `DomainName` and `CertificateArn`: a domain of your own. Its DNS record, to the output `DomainTarget`, is yours to make.\n");
        }

        var waiting = imageTag is null
            ? "Events that Firehose did not take wait in the edge's overflow queue until the worker's job `redrive` has sent them, and go with it: look at `OverflowQueueUrl` first."
            : "Events that Firehose did not take wait in the journals on the edge's volume, and go with it: stop sending, and wait until the view `ledger` shows nothing that waits to be delivered.";
        page.Append(CultureInfo.InvariantCulture, $"""

            ## Clean up

            {waiting}

            ```sh
            ./destroy.sh                  # all stacks but the lake, the packages and their bucket; asks first
            ./destroy.sh --delete-data    # the lake too: objects in all versions, workgroups, stack, bucket
            ```

            `dotnet pixel.cs destroy` does the same. It ends with a list of what is left. With the lake kept, what bills is what it stores. A bucket that you chose for the packages stays; only the packages are deleted.

            ## What was not tried

            No account of AWS was there when these templates and scripts were written: the templates are tested as texts, the programs were started as Lambda starts them, and `deploy.sh` and `destroy.sh` were run with `aws` against an emulator of S3, Athena and STS, with CloudFormation played by a script. CloudFormation itself, Lambda's web adapter, ECR and Docker were not.

            """);
        return page.ToString();
    }

    private string Way => options.Edge.Way.ToString().ToLowerInvariant();

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB");
}
