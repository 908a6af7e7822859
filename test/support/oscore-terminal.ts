import { type CoapEndpoint, createCoapEndpoint } from '@yaolian/coap';
import type { JsonNewCredential } from '@yaolian/contract';
import { type Duration, milliseconds, type SocketAddress, seconds } from '@yaolian/kernel';
import { type OscoreAccess, transportConnector } from '@yaolian/lwm2m/client';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort, oscoreCrypto } from '@yaolian/node-runtime';
import { createOscore, type OscoreCredentials, VolatileOscoreStates } from '@yaolian/oscore';
import { openTerminal, type TestTerminal, type TestTerminalOptions } from './terminal.ts';

const machine = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };
const fromHex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));

/** A credential as the platform is told it, and the terminal's account of the same. */
export function oscoreContext(
  endpoint: string,
  senderId: string,
  change: Partial<JsonNewCredential> = {},
): { readonly body: JsonNewCredential; readonly access: OscoreAccess } {
  const masterSecret = `${'5a'.repeat(15)}${senderId.padStart(2, '0').slice(-2)}`;
  const body = { endpoint, kind: 'oscore', senderId, recipientId: 'ff', masterSecret, ...change } as const;
  return {
    body,
    access: {
      masterSecret: fromHex(body.masterSecret),
      senderId: fromHex(senderId),
      recipientId: fromHex(body.recipientId),
      ...(body.masterSalt !== undefined && { masterSalt: fromHex(body.masterSalt) }),
      ...(body.idContext !== undefined && { idContext: fromHex(body.idContext) }),
      ...(body.rederives && { rederives: true }),
    },
  };
}

export interface OscoreTerminal extends TestTerminal {
  /** Datagrams that it sent. */
  readonly datagrams: readonly Uint8Array[];
  /** Resolves with what became of its first registration. */
  readonly outcome: Promise<string>;
}

export interface OscoreTerminalOptions extends Partial<TestTerminalOptions> {
  readonly access: OscoreAccess;
  readonly lifetime?: never;
  readonly lasts?: Duration;
  readonly states?: VolatileOscoreStates;
}

/** A terminal whose account with the platform has a security context. Started. */
export async function openOscoreTerminal(
  endpointName: string,
  server: SocketAddress,
  { access, lasts = seconds(86_400), states = new VolatileOscoreStates(), ...options }: OscoreTerminalOptions,
): Promise<OscoreTerminal> {
  const datagrams: Uint8Array[] = [];
  const oscore = createOscore({ ...machine, crypto: oscoreCrypto, store: states });
  const udp = await openUdpPort({ host: '127.0.0.1', port: 0, adapter: 'portable' });
  const send = udp.send.bind(udp);
  udp.send = (datagram, to) => {
    datagrams.push(datagram.slice());
    send(datagram, to);
  };
  const transmission = { ackTimeout: milliseconds(200) };
  const endpoint: CoapEndpoint = createCoapEndpoint({ ...machine, port: udp, protection: oscore, transmission });
  const outcome = Promise.withResolvers<string>();
  const terminal = await openTerminal({
    endpointName,
    transport: transportConnector({
      datagrams: endpoint,
      openOscore: (context, address) =>
        oscore.open({ ...(context as OscoreCredentials), rederives: access.rederives ?? false }, address),
    }),
    servers: [{ uri: `coap://${server.key}`, lifetime: lasts, oscore: access }],
    ...options,
    onEvent: (event) => {
      if (event.type === 'registered') outcome.resolve('registered');
      if (event.type === 'registration-failed') outcome.resolve(event.failure.message);
    },
  });
  terminal.client.start();
  return {
    ...terminal,
    transport: endpoint,
    datagrams,
    outcome: outcome.promise,
    async [Symbol.asyncDispose]() {
      await terminal[Symbol.asyncDispose]();
      await endpoint.close();
      await oscore.close();
    },
  };
}
