import { type Duration, seconds, type Timers } from '@yaolian/kernel';
import {
  type Connector,
  coapFetcher,
  type ServerAccess,
  SoftwareComponent,
  SoftwareState,
} from '@yaolian/lwm2m/client';
import type { TlsClientOptions } from '@yaolian/node-runtime';
import { HashingStore } from './hashing-store.ts';
import { httpFetcher, untrustedText } from './http-fetcher.ts';

export interface SoftwareParts {
  /** The model that packages have to be for. */
  readonly model: string;
  readonly connector: Connector;
  /** The accounts of the terminal, with what it proves itself where packages come by `coaps`. */
  readonly accounts: () => readonly ServerAccess[];
  /** Whom it trusts where packages come by `https`. */
  readonly tls?: TlsClientOptions;
  readonly timers: Timers;
  /** How long an installation takes. Default 2 s. */
  readonly installTime?: Duration;
  readonly say: (text: string) => void;
}

/** A software component (object 9) of a simulated terminal: it takes the packages that firmware comes in, too. */
export function simulatedSoftware(
  id: number,
  installed: { readonly name: string; readonly version: string } | undefined,
  parts: SoftwareParts,
): SoftwareComponent {
  const { model, connector, accounts, timers, installTime = seconds(2), say } = parts;
  const coap = coapFetcher(connector, accounts);
  const http = httpFetcher(parts.tls, { onUntrusted: (uri) => say(untrustedText(uri)) });
  const later = <T>(value: T) => new Promise<T>((resolve) => timers.schedule(installTime, () => resolve(value)));
  return new SoftwareComponent({
    id,
    ...(installed && { installed }),
    store: new HashingStore({ model }),
    fetchers: { coap, coaps: coap, 'coap+tcp': coap, 'coaps+tcp': coap, http, https: http },
    timers,
    installer: {
      install: () => later('installed' as const),
      uninstall: () => later('uninstalled' as const),
      activate: (active) => {
        say(`software /9/${id}: ${active ? 'runs' : 'is stopped'}`);
        return true;
      },
    },
    onState: (state, result) => say(`software /9/${id}: ${Object.keys(SoftwareState)[state]}, result ${result}`),
  });
}
