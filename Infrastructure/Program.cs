using System.CommandLine;
using Infrastructure;

var output = new Option<DirectoryInfo>("--output") { Description = "Where the CloudFormation templates go", Required = true };
var synth = new Command("synth", "Synthesizes the stacks into a folder") { output };
synth.SetAction(parsed => Commands.Synth(parsed.GetRequiredValue(output)));

var template = new Command("template", "Refreshes the committed template of the lake, after a change here or in pixel.fields.json");
template.SetAction(_ => Commands.Template());

return new RootCommand("The infrastructure of PixelAspire") { synth, template }.Parse(args).Invoke();
