import { platformErrors } from '../errors.ts';

/** What a TCP port of HTTP that cannot be opened is called. */
export function listenError(place: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return platformErrors.HTTP_ADDRESS_IN_USE(place, error);
  if (code === 'EACCES') return platformErrors.HTTP_ACCESS_DENIED(place, error);
  if (code === 'EADDRNOTAVAIL') return platformErrors.HTTP_ADDRESS_UNAVAILABLE(place, error);
  return platformErrors.HTTP_OPEN_FAILED(place, message, error);
}
