import {
  ApiProblemError,
  apiErrors,
  asProblem,
  queryText,
  type Route,
  type RouteQuery,
  routePath,
} from '@yaolian/contract';

/**
 * Sends a file, and tells how much of it is on its way: what `fetch` does not.
 * @param onProgress from 0 to 1
 * @throws ApiProblemError when the platform refuses; YaolianError API_UNREACHABLE; the reason of `signal`
 */
export function upload<R extends Route>(
  route: R,
  query: RouteQuery<R>,
  file: File,
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (share: number) => void },
): Promise<void> {
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    request.open(route.method, routePath(route) + queryText(query as Readonly<Record<string, unknown>>));
    request.setRequestHeader('content-type', route.bodyType ?? 'application/octet-stream');
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
    request.onload = () => {
      const refusal = request.status < 400 ? undefined : asProblem(request.response);
      if (request.status < 400) resolve();
      else reject(refusal ? new ApiProblemError(refusal) : apiErrors.API_UNEXPECTED(location.origin, request.status));
    };
    request.onerror = () => reject(apiErrors.API_UNREACHABLE(location.origin));
    request.onabort = () => reject(signal.reason);
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}
