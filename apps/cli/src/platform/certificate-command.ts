import { type JsonCertificate, routes } from '@yaolian/contract';
import { type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { readBytes } from '../files.ts';
import { addExamples } from '../help.ts';
import type { Column } from '../output/table.ts';
import { localTime } from '../output/time.ts';
import { onPlatformRun, type PlatformRun } from './platform-command.ts';

interface CertificateOptions {
  readonly renew?: true;
  readonly import?: string;
  readonly key?: string;
  readonly removeImported?: true;
}

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
  command
    .addOption(
      new Option('--import <file>', 'show the certificate of this file and its chain (PEM), with --key').conflicts([
        'renew',
        'removeImported',
      ]),
    )
    .addOption(
      new Option('--key <file>', 'its private key (PEM, not encrypted)').conflicts(['renew', 'removeImported']),
    )
    .addOption(
      new Option('--remove-imported', 'show the one that the platform made for itself again').conflicts('renew'),
    );
  addExamples(command, [
    ['When do they end?', 'yaolian certificates'],
    ['Another one in place of its own; give it to who trusted that', 'yaolian certificates --renew > certificate.pem'],
    ['One of an authority, at once and without a restart', 'yaolian certificates --import chain.pem --key key.pem'],
  ]);
  onPlatformRun<CertificateOptions>(cli, command, async (run) => {
    const { client, options, printer, signal } = run;
    if (options.renew) {
      const answer = await client.call(routes.renewCertificate, { signal });
      await printer.result(answer, () => `${answer.certificate.trimEnd()}\n`);
      await printer.note(`SHA-256 ${answer.fingerprint}, until ${localTime(answer.notAfter)}`);
      return;
    }
    if (options.import !== undefined || options.key !== undefined || options.removeImported) return replace(run);
    const answer = await client.call(routes.listCertificates, { signal });
    const shown = () => (answer.items.length === 0 ? 'No certificates.\n' : printer.table(answer.items, columns));
    await printer.result(answer, shown);
  });
}

/** Shows an imported one, or the platform's own again. */
async function replace({ client, options, printer, signal }: PlatformRun<CertificateOptions>): Promise<void> {
  const { import: chain, key, removeImported } = options;
  if (!removeImported && (chain === undefined || key === undefined)) {
    throw cliErrors.CLI_USAGE('--import and --key go together: the files of the chain and of its private key');
  }
  const text = async (file: string) => new TextDecoder().decode(await readBytes(file));
  const answer = removeImported
    ? await client.call(routes.removeCertificate, { signal })
    : await client.call(routes.importCertificate, {
        body: { certificate: await text(chain!), key: await text(key!) },
        signal,
      });
  const sentence = `The platform shows it now: SHA-256 ${answer.fingerprint}, until ${localTime(answer.notAfter)}.\n`;
  await printer.result(answer, () => sentence);
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
