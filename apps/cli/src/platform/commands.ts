import type { Command } from 'commander';
import type { Cli } from '../command.ts';
import { registerAccessCommands } from './access-commands.ts';
import { registerBootstrapCommands } from './bootstrap-commands.ts';
import { registerCampaignCommands } from './campaign-commands.ts';
import { registerDeviceCommands } from './device-commands.ts';
import { registerEnrolmentCommands } from './enrolment-commands.ts';
import { registerFirmwareCommands } from './firmware-commands.ts';
import { registerLoginCommands } from './login-commands.ts';
import { registerObjectCommands } from './object-commands.ts';
import { registerObservationCommands } from './observation-commands.ts';
import { registerQueueCommands } from './queue-commands.ts';
import { registerReadCommands } from './read-commands.ts';
import { registerServeCommand } from './serve-command.ts';
import { registerStatusCommands } from './status-commands.ts';
import { registerWriteCommands } from './write-commands.ts';

/** The commands that talk to a platform over its REST API. */
export function registerPlatformCommands(program: Command, cli: Cli): void {
  program.commandsGroup('Platform:');
  registerServeCommand(program, cli);
  registerLoginCommands(program, cli);
  registerStatusCommands(program, cli);
  registerAccessCommands(program, cli);
  registerObjectCommands(program, cli);
  program.commandsGroup('Devices:');
  registerDeviceCommands(program, cli);
  registerReadCommands(program, cli);
  registerWriteCommands(program, cli);
  registerObservationCommands(program, cli);
  registerQueueCommands(program, cli);
  program.commandsGroup('Firmware:');
  registerFirmwareCommands(program, cli);
  registerCampaignCommands(program, cli);
  program.commandsGroup('Enrolment:');
  registerBootstrapCommands(program, cli);
  registerEnrolmentCommands(program, cli);
}
