import { promises as dns, type SrvRecord } from 'node:dns';
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { milliseconds, StreamPeer } from '@yaolian/kernel';
import type { TransportConnector, WebSocketConnectorOptions, XmppTransport } from '@yaolian/xmpp';
import { WebSocket } from 'ws';
import { nodeTimers } from '../clock.ts';
import { addressOf } from '../stream/socket-stream.ts';
import { nextConnection } from '../stream/stream-server.ts';
import { clientTlsOptions, type TlsClientOptions } from '../stream/tls-options.ts';
import { xmppAlpn } from './secure-servers.ts';
import { NodeSecureSocket } from './secure-socket.ts';
import { SocketTransport } from './socket-transport.ts';

export interface XmppConnectorOptions {
  /** The domain of the account: the server's certificate is to carry it. */
  readonly domain: string;
  /** A name or an address. Absent: found by the domain's SRV records (RFC 6120 §3.2, XEP-0368), or the domain itself. */
  readonly host?: string;
  /** Default 5222, with `direct` 5223. */
  readonly port?: number;
  /** TLS from the first byte. Default false: STARTTLS. */
  readonly direct?: boolean;
  readonly tls?: TlsClientOptions;
  /** Looks up SRV records; rejects when there are none. Default: DNS. */
  readonly resolveSrv?: (name: string) => Promise<readonly SrvRecord[]>;
}

interface Target {
  readonly host: string;
  readonly port: number;
  readonly direct: boolean;
}

/** Connects to the server of a domain by TCP, with STARTTLS or TLS. @throws YaolianError TLS_CREDENTIALS_BAD */
export function xmppConnector(options: XmppConnectorOptions): TransportConnector {
  const { domain, host, direct = false, port = direct ? 5223 : 5222, tls = {}, resolveSrv = dns.resolveSrv } = options;
  const tlsOptions = { ...clientTlsOptions({ serverName: domain, ...tls }), ALPNProtocols: [xmppAlpn] };
  const onTop = (socket: Socket) => ready(connectTls({ ...tlsOptions, socket }), 'secureConnect');
  return {
    connect: async (signal) => {
      const targets = host === undefined ? await discover(domain, resolveSrv) : [{ host, port, direct }];
      let failure: unknown;
      for (const target of targets) {
        signal.throwIfAborted();
        try {
          return await open(target, signal, onTop);
        } catch (error) {
          failure = error;
        }
      }
      signal.throwIfAborted();
      throw failure;
    },
  };
}

/** Opens WebSockets for `webSocketConnector`, with certificates as the options say. @throws YaolianError TLS_CREDENTIALS_BAD */
export function webSocketOpener(tls: TlsClientOptions = {}): WebSocketConnectorOptions['open'] {
  const options = { ...clientTlsOptions(tls), perMessageDeflate: false, maxPayload: 1_048_576 };
  return (url, protocol) => new WebSocket(url, protocol, options);
}

async function open(
  { host, port, direct }: Target,
  signal: AbortSignal,
  onTop: (socket: Socket) => Promise<TLSSocket>,
): Promise<XmppTransport> {
  const raw = connectTcp({ host, port, allowHalfOpen: true });
  const onAbort = () => raw.destroy();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    await ready(raw, 'connect');
    const from = addressOf(raw.remoteAddress, raw.remotePort);
    if (from === undefined) throw new Error('the connection is gone');
    const startTls = async (socket: Socket) => new NodeSecureSocket(await onTop(socket), false);
    const peer = new StreamPeer(from, nextConnection(), 'tcp');
    return new SocketTransport(direct ? await startTls(raw) : raw, peer, startTls);
  } catch (error) {
    raw.destroy();
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** Waits for a socket's event; rejects with its error. */
function ready<S extends Socket>(socket: S, event: 'connect' | 'secureConnect'): Promise<S> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error) => reject(error);
    const onClose = () => reject(new Error('the connection was closed'));
    socket.once('error', onError);
    socket.once('close', onClose);
    socket.once(event, () => {
      socket.off('error', onError);
      socket.off('close', onClose);
      resolve(socket);
    });
  });
}

/** RFC 6120 §3.2.1, XEP-0368 §3: the servers of a domain in the order to try them. */
async function discover(domain: string, resolve: NonNullable<XmppConnectorOptions['resolveSrv']>): Promise<Target[]> {
  const [secure, plain] = await Promise.all([
    records(resolve, `_xmpps-client._tcp.${domain}`),
    records(resolve, `_xmpp-client._tcp.${domain}`),
  ]);
  const found = [
    ...secure.map((record) => ({ record, direct: true })),
    ...plain.map((record) => ({ record, direct: false })),
  ]
    // RFC 2782: "." means that there is no such service.
    .filter(({ record }) => record.name !== '' && record.name !== '.')
    .map((entry) => ({ ...entry, order: Math.random() * (entry.record.weight + 1) }))
    .sort((a, b) => a.record.priority - b.record.priority || b.order - a.order);
  if (found.length === 0) return [{ host: domain, port: 5222, direct: false }];
  return found.map(({ record: { name, port }, direct }) => ({ host: name, port, direct }));
}

/** No records and no DNS are the same: the domain itself is tried then. */
async function records(
  look: NonNullable<XmppConnectorOptions['resolveSrv']>,
  name: string,
): Promise<readonly SrvRecord[]> {
  const { promise: late, resolve } = Promise.withResolvers<readonly SrvRecord[]>();
  const timer = nodeTimers.schedule(milliseconds(3000), () => resolve([]));
  try {
    return await Promise.race([look(name), late]);
  } catch {
    return [];
  } finally {
    timer.cancel();
  }
}
