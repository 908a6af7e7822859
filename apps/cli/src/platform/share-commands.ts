import { type JsonIssuedCode, routes } from '@yaolian/contract';
import { Argument, type Command, Option } from 'commander';
import { renderUnicodeCompact } from 'uqr';
import type { Cli } from '../command.ts';
import { addExamples } from '../help.ts';
import { printable } from '../output/display-width.ts';
import type { Printer } from '../output/printer.ts';
import { localTime } from '../output/time.ts';
import { devicePlace } from './places.ts';
import { onPlatformRun } from './platform-command.ts';

/** Sharing terminals with users over Remote Access. */
export function registerShareCommands(devices: Command, cli: Cli): void {
  registerShare(devices, cli);
  registerCode(devices, cli);
  registerConfirm(devices, cli);
  registerAdmit(devices, cli);
  registerDisown(devices, cli);
}

function accountPlace(): Argument {
  return new Argument('<account>', 'the account of the device, as sharing showed it');
}

function registerShare(devices: Command, cli: Cli): void {
  const command = devices
    .command('share')
    .summary('let users bind a device')
    .description(
      'Make a terminal a device of Remote Access, and show its verification code: whoever tells it owns the device.',
    )
    .addArgument(devicePlace(cli))
    .addOption(new Option('--name <name>', 'the name of its account').default(undefined, 'made from the key'))
    .addOption(new Option('--confirm', 'who binds it waits until "yaolian devices admit"'))
    .addOption(qrOption());
  addExamples(command, [
    ['Share one', 'yaolian devices share urn:imei:861111003929110 --name attic'],
    ['With a QR code for a phone', 'yaolian devices share urn:imei:861111003929110 --qr'],
  ]);
  onPlatformRun<QrOptions & { readonly name?: string; readonly confirm?: boolean }>(
    cli,
    command,
    async ({ client, args, options, printer, signal }) => {
      const { name, confirm: confirms } = options;
      const body = { ...(name !== undefined && { name }), ...(confirms !== undefined && { confirms }) };
      const issued = await client.call(routes.shareDevice, { params: { device: args[0]! }, body, signal });
      await printer.result(issued, () => describeCode(issued, printer, options));
    },
  );
}

function registerCode(devices: Command, cli: Cli): void {
  const command = devices
    .command('code')
    .summary('give a shared device a new verification code')
    .description('Make a new verification code; the one before is void, and owners stay owners.')
    .addArgument(accountPlace())
    .addOption(qrOption());
  addExamples(command, [['A new code', 'yaolian devices code attic@home.example']]);
  onPlatformRun<QrOptions>(cli, command, async ({ client, args, options, printer, signal }) => {
    const issued = await client.call(routes.resetVerificationCode, { params: { account: args[0]! }, signal });
    await printer.result(issued, () => describeCode(issued, printer, options));
  });
}

function registerConfirm(devices: Command, cli: Cli): void {
  const command = devices
    .command('confirm')
    .summary('let a shared device be asked before a user owns it, or not')
    .description(
      'Let a shared device be asked before a user owns it, or not any more. "yaolian devices show" tells how it is. Who waits goes on waiting.',
    )
    .addArgument(accountPlace())
    .addArgument(new Argument('<asked>', 'whether it is asked').choices(['on', 'off']));
  addExamples(command, [['Ask it', 'yaolian devices confirm attic@home.example on']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const params = { account: args[0]! };
    const confirms = args[1] === 'on';
    await client.call(routes.setRaConfirmation, { params, body: { confirms }, signal });
    await printer.result({ ...params, confirms }, () => confirmationText(params.account, confirms));
  });
}

/** One sentence, for operators and owners. */
export function confirmationText(account: string, confirms: boolean): string {
  return confirms
    ? `${printable(account)} is asked before a user owns it.\n`
    : `Who knows the code of ${printable(account)} owns it at once.\n`;
}

function registerAdmit(devices: Command, cli: Cli): void {
  const command = devices
    .command('admit')
    .summary('agree to a binding in the place of a device that is asked')
    .description(
      'Agree to a binding in the place of a device that is asked before a user owns it: a terminal has no way to.',
    )
    .addArgument(accountPlace())
    .addArgument(new Argument('<user>', 'who waits'));
  addExamples(command, [['Ann may have it', 'yaolian devices admit attic@home.example ann']]);
  onPlatformRun(cli, command, async ({ client, args, printer, signal }) => {
    const params = { account: args[0]!, user: args[1]! };
    await client.call(routes.confirmRaOwner, { params, signal });
    await printer.result(params, () => `${printable(params.account)} is ${printable(params.user)}'s.\n`);
  });
}

function registerDisown(devices: Command, cli: Cli): void {
  const command = devices
    .command('disown')
    .summary('take a shared device from one of its owners')
    .description('Take a shared device from one of its owners, who sold it say; its code is new, and shown.')
    .addArgument(accountPlace())
    .addArgument(new Argument('<user>', 'the owner'))
    .addOption(qrOption());
  addExamples(command, [['Sold by ann', 'yaolian devices disown attic@home.example ann']]);
  onPlatformRun<QrOptions>(cli, command, async ({ client, args, options, printer, signal }) => {
    const params = { account: args[0]!, user: args[1]! };
    const issued = await client.call(routes.removeRaOwner, { params, signal });
    await printer.result(issued, () => describeCode(issued, printer, options));
  });
}

interface QrOptions {
  readonly qr?: boolean;
}

function qrOption(): Option {
  return new Option('--qr', 'show the QR code of the page that adds the device');
}

/** Half blocks: two modules of the code to a character. Light on dark, with the quiet zone that scanners want. */
export function qrText(link: string): string {
  return `\n${renderUnicodeCompact(link, { border: 2 })}\n${link}\n`;
}

const localHint = `No phone reaches this address: start the platform with --http-tls-port 8443, or say
with --http-public-url how phones reach it, then "yaolian devices code --qr".
`;

function describeCode(
  { account, code, expiresAt, link, linkIsLocal }: JsonIssuedCode,
  printer: Printer,
  { qr = false }: QrOptions,
): string {
  const facts = printer.facts([
    ['Account', account],
    ['Code', code],
    ['Good until', expiresAt === undefined ? undefined : localTime(expiresAt)],
  ]);
  return qr ? facts + qrText(link) + (linkIsLocal ? localHint : '') : facts;
}
