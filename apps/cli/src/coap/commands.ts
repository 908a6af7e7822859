import type { Command } from 'commander';
import type { Cli } from '../command.ts';
import { addExamples } from '../help.ts';
import { registerDiscoverCommand } from './discover-command.ts';
import { registerObserveCommand } from './observe-command.ts';
import { registerPingCommand } from './ping-command.ts';
import { registerMethodCommands } from './request-command.ts';

/** The commands that talk to any CoAP server. */
export function registerCoapCommands(program: Command, cli: Cli): void {
  const coap = program
    .command('coap')
    .summary('talk to any CoAP server')
    .description('Talk to any CoAP server (RFC 7252): a client that needs no platform and no login.');
  addExamples(coap, [
    ['What does it have?', 'yaolian coap discover coap://192.0.2.7'],
    ['Read something', 'yaolian coap get coap://192.0.2.7/sensors/temperature'],
  ]);
  registerMethodCommands(coap, cli);
  registerObserveCommand(coap, cli);
  registerDiscoverCommand(coap, cli);
  registerPingCommand(coap, cli);
}
