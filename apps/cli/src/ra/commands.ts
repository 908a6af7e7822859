import type { Command } from 'commander';
import type { Cli } from '../command.ts';
import { addExamples } from '../help.ts';
import { registerBindingCommands } from './binding-commands.ts';
import { registerDataCommands } from './data-commands.ts';
import { registerDeviceCommand } from './device-command.ts';
import { registerFirmware } from './firmware-command.ts';
import { registerForward } from './forward-command.ts';
import { registerFriendCommands } from './friend-commands.ts';
import { registerHistory } from './history-command.ts';
import { registerKeeperCommands } from './keeper-commands.ts';
import { registerLinkCommands } from './link-commands.ts';
import { registerObserve } from './observe-command.ts';
import { registerPermissionCommands } from './permission-commands.ts';
import { registerRegister } from './register-command.ts';
import { registerTell } from './tell-command.ts';

/** What users do with their devices from anywhere (IGRS Remote Access, GB/T 29265.205). */
export function registerRaCommands(parent: Command, cli: Cli): void {
  const ra = parent
    .command('ra')
    .summary('be a user: bind devices and use them from anywhere')
    .description(
      'Be a user of Remote Access: register, bind devices by their verification codes, read and write them over XMPP.',
    );
  addExamples(ra, [
    ['Become a user', 'yaolian ra register ann'],
    ['Take a device that "yaolian devices share" gave a code', 'yaolian ra bind attic 7KQ2M-0WX9D'],
    ['Your devices', 'yaolian ra home --user ann@home.example'],
    ['How warm is it', 'yaolian ra read attic /3303/0/5700'],
    ['Play a device that speaks RA itself', 'yaolian ra device cooler@home.example'],
  ]);
  registerRegister(ra, cli);
  registerBindingCommands(ra, cli);
  registerDataCommands(ra, cli);
  registerObserve(ra, cli);
  registerHistory(ra, cli);
  registerFirmware(ra, cli);
  registerTell(ra, cli);
  registerForward(ra, cli);
  registerFriendCommands(ra, cli);
  registerPermissionCommands(ra, cli);
  registerLinkCommands(ra, cli);
  registerKeeperCommands(ra, cli);
  registerDeviceCommand(ra, cli);
}
