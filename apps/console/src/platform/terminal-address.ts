import { type JsonStatus, routes } from '@yaolian/contract';
import { useLoad } from './load.ts';
import { call } from './session.ts';

/** Where terminals find this platform, as far as a page can tell: the first address of each scheme. */
export function useTerminalAddresses(): readonly string[] {
  const { data } = useLoad((signal) => call(routes.showStatus, { signal }), []);
  return terminalAddresses(data?.listening ?? [], location.hostname);
}

/** "Every address" is none that a terminal can be given: that of the page is. */
export function terminalAddresses(listening: JsonStatus['listening'], host: string): readonly string[] {
  const urls = listening.filter(({ service }) => service === 'dm');
  return urls.map(({ url }) => url.replace(/\[::\]|0\.0\.0\.0/, host));
}

/** The address of the platform with this scheme; the port that OMA has for it while the platform has not told. */
export function addressFor(addresses: readonly string[], isSecure: boolean, host: string): string {
  const scheme = isSecure ? 'coaps://' : 'coap://';
  return addresses.find((url) => url.startsWith(scheme)) ?? `${scheme}${host}:${isSecure ? 5684 : 5683}`;
}
