import { type JsonCertificate, routes } from '@yaolian/contract';
import { type Command, Option } from 'commander';
import type { Cli } from '../command.ts';
import { cliErrors } from '../errors.ts';
import { readBytes } from '../files.ts';
import { addExamples } from '../help.ts';
import type { Column } from '../output/table.ts';
import { localTime } from '../output/time.ts';
import { fingerprintOption } from '../parsers.ts';
import { onPlatformRun, type PlatformRun } from './platform-command.ts';

interface CertificateOptions {
  readonly renew?: true;
  readonly import?: string;
  readonly key?: string;
  readonly removeImported?: true;
  readonly trust?: string;
  readonly distrust?: string;
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
  const changes = ['renew', 'import', 'key', 'removeImported'];
  command
    .addOption(
      new Option(
        '--trust <file>',
        'believe certificates of terminals and clients that authorities of this file signed (PEM)',
      ).conflicts(changes),
    )
    .addOption(
      new Option('--distrust <sha256>', 'believe an authority that was added no more; who is in by it is let go')
        .argParser(fingerprintOption)
        .conflicts([...changes, 'trust']),
    );
  addExamples(command, [
    ['When do they end?', 'yaolian certificates'],
    ['Another one in place of its own; give it to who trusted that', 'yaolian certificates --renew > certificate.pem'],
    ['One of an authority, at once and without a restart', 'yaolian certificates --import chain.pem --key key.pem'],
    ['Terminals with certificates of another authority', 'yaolian certificates --trust terminals-ca.pem'],
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
    if (options.trust !== undefined || options.distrust !== undefined) return changeTrust(run);
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
  const answer = removeImported
    ? await client.call(routes.removeCertificate, { signal })
    : await client.call(routes.importCertificate, {
        body: { certificate: await textOf(chain!), key: await textOf(key!) },
        signal,
      });
  const sentence = `The platform shows it now: SHA-256 ${answer.fingerprint}, until ${localTime(answer.notAfter)}.\n`;
  await printer.result(answer, () => sentence);
}

/** Whose certificates of terminals and clients are believed. */
async function changeTrust({ client, options, printer, signal }: PlatformRun<CertificateOptions>): Promise<void> {
  const { trust, distrust: fingerprint } = options;
  if (trust !== undefined) {
    const certificates = await textOf(trust);
    const answer = await client.call(routes.addClientAuthorities, { body: { certificates }, signal });
    return printer.result(answer, () => printer.table(answer.items, columns));
  }
  await client.call(routes.removeClientAuthority, { params: { fingerprint: fingerprint!.toLowerCase() }, signal });
  await printer.result({ removed: fingerprint! }, () => 'It is believed no more; who was in by it was let go.\n');
}

const textOf = async (file: string): Promise<string> => new TextDecoder().decode(await readBytes(file));

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
