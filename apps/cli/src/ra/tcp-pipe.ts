import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Channel, ChannelListener } from '@yaolian/igrs/client';

/** Takes what a channel brings to a TCP connection. The connection has to allow half of it to be open. */
export function channelToSocket(socket: Socket): ChannelListener {
  return {
    onData: async (data) => {
      if (socket.destroyed) throw new Error('the connection is closed');
      if (!socket.write(data)) await once(socket, 'drain');
    },
    onEnd: () => socket.end(),
    onClosed: (reason) => reason !== undefined && socket.destroy(),
  };
}

/** Takes what a TCP connection brings to a channel, until either ends. */
export async function socketToChannel(socket: Socket, channel: Channel): Promise<void> {
  try {
    // What still comes from the channel goes on after the connection has said all that it had.
    for await (const data of socket.iterator({ destroyOnReturn: false })) await channel.send(data as Uint8Array);
    channel.end();
  } catch {
    // The reason is the connection's own, or that the channel is closed already.
    channel.close('failed-application');
    socket.destroy();
  }
}
