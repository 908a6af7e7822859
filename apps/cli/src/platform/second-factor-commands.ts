import { type JsonSecondFactor, routes } from '@yaolian/contract';
import { type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { addExamples } from '../help.ts';
import { printable } from '../output/display-width.ts';
import { localTime } from '../output/time.ts';
import { stdinPassword } from '../stdin-password.ts';
import { onPlatformRun, type PlatformRun } from './platform-command.ts';

export function registerSecondFactorCommands(parent: Command, cli: Cli): void {
  const factor = parent
    .command('second-factor')
    .summary('have your logins ask for a code of an app, too')
    .description(
      'The second factor of your logins: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for who lost it.',
    );
  addExamples(factor, [
    ['Set it up', 'yaolian second-factor on'],
    ['Is it on, and how many recovery codes are left?', 'yaolian second-factor show'],
    ['Log in with a code', 'yaolian login --code 492039'],
  ]);
  registerShow(factor, cli);
  registerOn(factor, cli);
  registerOff(factor, cli);
}

function registerShow(factor: Command, cli: Cli): void {
  const command = factor
    .command('show')
    .summary('say whether it is on')
    .description('Say whether your logins ask for a second factor, and how many recovery codes are left.');
  addExamples(command, [['Is it on?', 'yaolian second-factor show']]);
  onPlatformRun(cli, command, async ({ client, printer, signal }) => {
    await printer.result(await client.call(routes.showSecondFactor, { signal }), describe);
  });
}

function describe({ since, recoveryCodes }: JsonSecondFactor): string {
  if (since === undefined) return 'It is off: your password alone logs you in.\n';
  return `It is on since ${localTime(since)}. ${codesText(recoveryCodes)} left.\n`;
}

const codesText = (count: number) => `${count} recovery ${count === 1 ? 'code is' : 'codes are'}`;

function registerOn(factor: Command, cli: Cli): void {
  const command = factor
    .command('on')
    .summary('set it up with an authenticator app')
    .description(
      'Make a secret for an authenticator app, and confirm it with a code that the app shows. The recovery codes that are printed then work once each, and are shown only there.',
    );
  addExamples(command, [['Set it up', 'yaolian second-factor on']]);
  onPlatformRun(cli, command, async ({ client, host, printer, signal }) => {
    if (!host.stdinIsTerminal) throw cliErrors.CLI_USAGE('there is no terminal to ask for your password and a code');
    const password = await host.ask('Your password, once more: ', { secret: true, signal });
    const { secret, uri } = await client.call(routes.beginSecondFactor, { body: { password }, signal });
    // Also where the result is JSON: without the secret there is no code.
    await host.stderr.write(
      `Add this secret to your authenticator app, by hand or as a QR code of the address below it:\n${printable(secret)}\n${printable(uri)}\n`,
    );
    const code = await host.ask('The code that it shows now: ', { secret: false, signal });
    if (!/^\d{3} ?\d{3}$/.test(code.trim())) throw cliErrors.CLI_USAGE('a code has six digits; begin anew');
    const body = { code: code.trim() };
    const confirmed = await client.call(routes.confirmSecondFactor, { body, signal });
    await printer.result(confirmed, ({ recoveryCodes }) => {
      const kept = 'From now on your logins ask for a code. Keep these recovery codes where nobody else finds them:';
      return `${kept}\n\n${recoveryCodes.map((one) => `    ${one}\n`).join('')}`;
    });
  });
}

interface OffOptions {
  readonly passwordStdin?: boolean;
}

function registerOff(factor: Command, cli: Cli): void {
  const command = factor
    .command('off')
    .summary('log in with the password alone again')
    .description(
      'Log in with your password alone again. An admin does it for who lost the app and the codes: "yaolian operators change NAME --reset-second-factor".',
    )
    .addOption(new Option('--password-stdin', 'read your password from standard input'));
  addExamples(command, [['Switch it off', 'yaolian second-factor off']]);
  onPlatformRun<OffOptions>(cli, command, async (run) => {
    const { client, printer, signal } = run;
    const password = await ownPassword(run);
    await client.call(routes.removeSecondFactor, { body: { password }, signal });
    await printer.result({ secondFactor: false }, () => 'It is off: your password alone logs you in.\n');
  });
}

async function ownPassword({ host, options, signal }: PlatformRun<OffOptions>): Promise<string> {
  if (!options.passwordStdin) {
    if (host.stdinIsTerminal) return await host.ask('Your password, once more: ', { secret: true, signal });
    throw cliErrors.CLI_USAGE('there is no terminal to ask for the password; use --password-stdin');
  }
  const password = await stdinPassword(host);
  if (password !== '') return password;
  throw cliErrors.CLI_USAGE('standard input held no password; write it there in one line');
}
