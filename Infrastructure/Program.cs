using System.CommandLine;
using Infrastructure;

var template = new Command("template", "Refreshes the committed template of the lake, after a change here or in pixel.fields.json");
template.SetAction(_ => Commands.Template());

return new RootCommand("The infrastructure of PixelAspire") { SynthCommand.Create(), template }.Parse(args).Invoke();
