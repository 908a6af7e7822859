import type { Command } from 'commander';
import type { Cli } from '../command.ts';
import { registerFleetCommand } from './fleet-command.ts';
import { registerSmartcardCommands } from './smartcard-commands.ts';
import { registerTerminalCommand } from './terminal-command.ts';

/** Simulated terminals, and the cards in them. */
export function registerSimulatorCommands(program: Command, cli: Cli): void {
  registerTerminalCommand(program, cli);
  registerFleetCommand(program, cli);
  registerSmartcardCommands(program, cli);
}
