import { connect } from 'node:net';
import { Channels } from '@yaolian/igrs/client';
import { nodeRandom, nodeTimers, openPeerConnections } from '@yaolian/node-runtime';
import type { XmppClient } from '@yaolian/xmpp';
import { InvalidArgumentError } from 'commander';
import { channelToSocket, socketToChannel } from './tcp-pipe.ts';

/** A TCP service beside a device, by the name that its users ask for. */
export interface ExposedService {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** Reads `web=127.0.0.1:8080`. */
export function exposeOption(text: string): ExposedService {
  const [, name, bracketed, plain, port] =
    /^([\w.-]{1,64})=(?:\[([0-9a-f:.]+)\]|([^:[\]]+)):(\d{1,5})$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (name === undefined || host === undefined || !(Number(port) >= 1 && Number(port) <= 65535)) {
    throw new InvalidArgumentError('write name=host:port, such as web=127.0.0.1:8080.');
  }
  return { name, host, port: Number(port) };
}

/** Lets users of a device reach services beside it: each channel is one TCP connection (§11.6). */
export async function exposeServices(services: readonly ExposedService[]): Promise<(client: XmppClient) => void> {
  const peerConnections = await openPeerConnections();
  return (client) => {
    const channels = new Channels({ client, peerConnections, timers: nodeTimers, random: nodeRandom });
    for (const { name, host, port } of services) {
      channels.offer(name, (_, opened) => {
        const socket = connect({ host, port, allowHalfOpen: true });
        opened.then(
          (channel) => {
            socket.on('error', () => channel.close('failed-application'));
            void socketToChannel(socket, channel);
          },
          () => socket.destroy(),
        );
        // Until the channel is open nobody has to know.
        socket.on('error', () => {});
        return channelToSocket(socket);
      });
    }
  };
}
