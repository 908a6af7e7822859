import { type JsonCertificate, routes } from '@yaolian/contract';
import type { Command } from 'commander';
import type { Cli } from '../command.ts';
import { addExamples } from '../help.ts';
import type { Column } from '../output/table.ts';
import { localTime } from '../output/time.ts';
import { onPlatformRun } from './platform-command.ts';

export function registerCertificateCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('certificates')
    .summary('show the certificates of the platform, and when they end')
    .description(
      'Show which listener shows which certificate, and the authorities that certificates of terminals go back to. ' +
        '--json has the chains and whole fingerprints.',
    );
  addExamples(command, [['When do they end?', 'yaolian certificates']]);
  onPlatformRun(cli, command, async ({ client, printer, signal }) => {
    const answer = await client.call(routes.listCertificates, { signal });
    const shown = () => (answer.items.length === 0 ? 'No certificates.\n' : printer.table(answer.items, columns));
    await printer.result(answer, shown);
  });
  registerRenew(command, cli);
}

function registerRenew(parent: Command, cli: Cli): void {
  const command = parent
    .command('renew')
    .summary('make the certificate anew that the platform made for itself')
    .description(
      'Make the certificate anew that the platform made for itself, with another key. Open connections stay; who trusted the one before ' +
        'has to be given the new one, which is printed in PEM.',
    );
  addExamples(command, [['With the new one in a file', 'yaolian certificates renew > certificate.pem']]);
  onPlatformRun(cli, command, async ({ client, printer, signal }) => {
    const answer = await client.call(routes.renewCertificate, { signal });
    await printer.result(answer, () => answer.certificate.trimEnd().concat('\n'));
    await printer.note(`SHA-256 ${answer.fingerprint}, until ${localTime(answer.notAfter)}`);
  });
}

const columns: readonly Column<JsonCertificate>[] = [
  { title: 'FOR', value: ({ listener, usedFor }) => listener ?? usedFor },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'DAYS LEFT', value: ({ daysLeft }) => daysLeft, align: 'right' },
  { title: 'ENDS', value: ({ notAfter }) => localTime(notAfter) },
  { title: 'SUBJECT', value: ({ subject }) => subject, shrinks: true },
  { title: 'ISSUER', value: ({ issuer, selfSigned }) => (selfSigned ? 'itself' : issuer), shrinks: true },
  { title: 'NAMES', value: ({ names }) => names.join(' '), shrinks: true },
  { title: 'SHA-256', value: ({ fingerprint }) => fingerprint.slice(0, 16) },
];
