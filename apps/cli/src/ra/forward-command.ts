import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { type Channel, Channels } from '@yaolian/igrs/client';
import { nodeRandom, nodeTimers, openPeerConnections } from '@yaolian/node-runtime';
import { Argument, type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import { printable } from '../output/display-width.ts';
import { integerOption } from '../parsers.ts';
import { explainRefusal } from './refusals.ts';
import { type HomeRun, onHomeRun, raAddress, remoteDevicePlace } from './session.ts';
import { channelToSocket, socketToChannel } from './tcp-pipe.ts';

interface ForwardOptions {
  readonly port?: number;
  readonly via?: 'any' | 'network' | 'server';
}

const paths: Readonly<Record<Channel['path'], string>> = {
  direct: 'straight',
  relayed: 'through a TURN server',
  'in-band': 'through the message server',
};

/** GB/T 29265.205 §11.6: a service beside a device, as if it were here. */
export function registerForward(ra: Command, cli: Cli): void {
  const command = ra
    .command('forward')
    .summary('reach a TCP service beside a device')
    .description(
      'Listen on a port of this computer; each connection goes to a service that the device exposes, straight where the networks let it, else through a TURN server or the message server.',
    )
    .addArgument(remoteDevicePlace())
    .addArgument(new Argument('<service>', 'the name under which the device exposes it'))
    .addOption(
      new Option('-p, --port <port>', 'the port here, on 127.0.0.1')
        .argParser(integerOption('a port', 0, 65535))
        .default(undefined, 'a free one'),
    )
    .addOption(
      new Option('--via <path>', 'which way bytes may go')
        .choices(['any', 'network', 'server'])
        .default(undefined, 'any'),
    );
  addExamples(command, [
    ['The web page of a device', 'yaolian ra forward cooler web --port 9000'],
    ['Where the device exposes it', 'yaolian ra device cooler@home.example --expose web=127.0.0.1:8080'],
  ]);
  onHomeRun<ForwardOptions>(cli, command, forward);
}

async function forward(run: HomeRun<ForwardOptions>): Promise<void> {
  const { args, user, options, printer, signal, connected } = run;
  const device = raAddress(args[0], user);
  const service = args[1]!;
  const peerConnections = await openPeerConnections();
  await connected(async (_, client) => {
    const channels = new Channels({ client, peerConnections, timers: nodeTimers, random: nodeRandom });
    const { via = 'any', port = 0 } = options;
    const carry = async (socket: Socket) => {
      socket.on('error', () => socket.destroy());
      try {
        const channel = await channels.open(device, service, channelToSocket(socket), { signal, via });
        await printer.result({ type: 'connected', path: channel.path }, () => `connected ${paths[channel.path]}\n`);
        await socketToChannel(socket, channel);
      } catch (error) {
        socket.destroy();
        if (signal.aborted) return;
        const { message } = explainRefusal(error) as Error;
        await printer.result({ type: 'failed', reason: message }, () => `not connected: ${printable(message)}\n`);
      }
    };
    const server = createServer({ allowHalfOpen: true }, (socket) => void carry(socket));
    server.listen(port, '127.0.0.1');
    await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
      throw cliErrors.CLI_USAGE(`port ${port} cannot be had: ${error.code ?? error.message}`);
    });
    const { port: taken } = server.address() as { readonly port: number };
    await printer.result(
      { type: 'listening', host: '127.0.0.1', port: taken, device, service },
      () => `127.0.0.1:${taken} is ${printable(service)} of ${printable(device)}. Ctrl-C stops it.\n`,
    );
    if (!signal.aborted) await once(signal, 'abort');
    server.close();
    channels.close();
  });
  signal.throwIfAborted();
}
