using Microsoft.Extensions.Options;
using Pixel.Events.Lake;

namespace Beacon.Api.Delivery;

/// <summary>The rules that the attributes of <see cref="LakeOptions"/> state, as code made by the compiler.</summary>
[OptionsValidator]
internal sealed partial class LakeOptionsValidator : IValidateOptions<LakeOptions>;
