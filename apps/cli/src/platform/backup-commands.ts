import { Argument, type Command, Option } from 'commander';
import { type Cli, completeFiles, completeWith, onRun } from '../command.ts';
import { addExamples } from '../help.ts';
import { localTime } from '../output/time.ts';

interface FolderOptions {
  readonly dataDir: string;
}

/** Copies of the data folder, made and put back on the machine of the platform. */
export function registerBackupCommands(parent: Command, cli: Cli): void {
  registerBackup(parent, cli);
  registerRestore(parent, cli);
}

function registerBackup(parent: Command, cli: Cli): void {
  const command = parent
    .command('backup')
    .summary('copy the data folder, also of a platform that runs')
    .description(
      'Copy the data folder on this machine, also while the platform runs: the database as it is at one moment, with everything that was ' +
        'acknowledged before, and the files beside it, each with its checksum. The copy holds the key of the secrets, where that is kept in the ' +
        'data folder: guard it like the folder itself. Sessions of DTLS stay out; terminals make new ones after a restore.',
    )
    .addArgument(folder('<to>', 'a folder that is not there yet, or empty'))
    .addOption(dataDirOption(cli));
  addExamples(command, [
    ['Of the platform in this folder', 'yaolian backup backups/monday'],
    ['Of one elsewhere', 'yaolian backup /mnt/backups/monday --data-dir /var/lib/yaolian'],
  ]);
  onRun<FolderOptions>(cli, command, async ({ args, options, printer }) => {
    const { backUp } = await import('@yaolian/storage'); // now: no other command opens a database
    const to = args[0]!;
    const { files, bytes, hasKey, madeAt } = await backUp(options.dataDir, to, new Date());
    const key = hasKey ? '' : 'The key of the secrets (secrets.key-file) is not in it: keep a copy of that too.\n';
    await printer.result(
      { backup: to, files, bytes, hasKey, madeAt },
      () => `${to} has ${counted(files)}, ${sizeText(bytes)}.\n${key}`,
    );
  });
}

function registerRestore(parent: Command, cli: Cli): void {
  const command = parent
    .command('restore')
    .summary('make a data folder from a backup')
    .description(
      'Make a data folder from a backup, once every file of it was checked. The platform that is started on it goes on as it was when the ' +
        'backup was made: registrations, queued requests and campaigns among them. Stop the platform that the backup is of: two of them would ask the same terminals.',
    )
    .addArgument(folder('<from>', 'what "yaolian backup" made'))
    .addOption(dataDirOption(cli));
  addExamples(command, [
    ['Make ./data', 'yaolian restore backups/monday'],
    ['Elsewhere', 'yaolian restore /mnt/backups/monday --data-dir /var/lib/yaolian'],
  ]);
  onRun<FolderOptions>(cli, command, async ({ args, options, printer }) => {
    const { restore } = await import('@yaolian/storage');
    const { dataDir } = options;
    const { files, bytes, hasKey, madeAt } = await restore(args[0]!, dataDir);
    const key = hasKey ? '' : 'Start with the secrets.key-file of then: the backup does not hold it.\n';
    await printer.result(
      { dataDir, files, bytes, hasKey, madeAt },
      () =>
        `${dataDir} is as it was on ${localTime(madeAt.toISOString())}: ${counted(files)}, ${sizeText(bytes)}.\n${key}`,
    );
  });
}

const folder = (name: string, description: string) => completeWith(new Argument(name, description), completeFiles);

const dataDirOption = ({ host }: Cli) =>
  completeWith(
    new Option('--data-dir <folder>', 'the data folder of the platform').default(
      host.environment['YAOLIAN_DATA_DIR'] ?? './data',
    ),
    completeFiles,
  );

const counted = (files: number) => (files === 1 ? '1 file' : `${files} files`);

const sizeText = (bytes: number) =>
  bytes < 1_048_576 ? `${Math.ceil(bytes / 1024)} KiB` : `${(bytes / 1_048_576).toFixed(1)} MiB`;
