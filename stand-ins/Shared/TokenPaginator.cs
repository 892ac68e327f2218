using System.Runtime.CompilerServices;
using Amazon.Runtime;

namespace StandIns;

/// <summary>All pages of a listing, one call a page, until an answer brings no token. Good for one walk, as in the SDK.</summary>
internal class TokenPaginator<TRequest, TResponse>(
    TRequest request,
    Func<TRequest, CancellationToken, Task<TResponse>> call,
    Action<TRequest, string> setToken,
    Func<TRequest, string> firstToken,
    Func<TResponse, string> nextToken) : IPaginator<TResponse>
    where TRequest : AmazonWebServiceRequest
{
    private int _used;

    public IPaginatedEnumerable<TResponse> Responses => new PaginatedResponse<TResponse>(this);

    async IAsyncEnumerable<TResponse> IPaginator<TResponse>.PaginateAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _used, 1) != 0)
        {
            throw new InvalidOperationException("Paginator has already been consumed and cannot be reused. Please create a new instance.");
        }

        PaginatorUtils.SetUserAgentAdditionOnRequest(request);
        var token = firstToken(request);
        do
        {
            setToken(request, token);
            var response = await call(request, cancellationToken).ConfigureAwait(false);
            token = nextToken(response);
            cancellationToken.ThrowIfCancellationRequested();
            yield return response;
        }
        while (!string.IsNullOrEmpty(token));
    }
}
