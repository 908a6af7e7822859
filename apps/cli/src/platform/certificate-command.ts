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
  command.option(
    '--renew',
    'make the one anew that the platform made for itself, with another key, and print it (PEM)',
  );
  addExamples(command, [
    ['When do they end?', 'yaolian certificates'],
    ['Another one in place of its own; give it to who trusted that', 'yaolian certificates --renew > certificate.pem'],
  ]);
  onPlatformRun<{ readonly renew?: true }>(cli, command, async (run) => {
    const { client, options, printer, signal } = run;
    if (options.renew) {
      const answer = await client.call(routes.renewCertificate, { signal });
      await printer.result(answer, () => `${answer.certificate.trimEnd()}\n`);
      await printer.note(`SHA-256 ${answer.fingerprint}, until ${localTime(answer.notAfter)}`);
      return;
    }
    const answer = await client.call(routes.listCertificates, { signal });
    const shown = () => (answer.items.length === 0 ? 'No certificates.\n' : printer.table(answer.items, columns));
    await printer.result(answer, shown);
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
