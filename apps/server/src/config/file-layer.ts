import { isMap, isScalar, LineCounter, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { type ConfigMistake, describeWrong, isSettingName, type Layer, suggestion } from './layer.ts';
import { type SettingName, settingNames, settingOf } from './settings.ts';

/** Reads the text of a configuration file. `file` is what mistakes call it. */
export function readFileLayer(text: string, file: string): Layer {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  const reader = new FileReader(file, lines);
  for (const error of document.errors) {
    reader.mistake(error.pos[0], `this is not YAML: ${error.message}`);
  }
  if (document.errors.length === 0) reader.readRoot(document.contents);
  return reader;
}

class FileReader implements Layer {
  readonly values = new Map<SettingName, { value: unknown; from: string }>();
  readonly mistakes: ConfigMistake[] = [];
  readonly #file: string;
  readonly #lines: LineCounter;

  constructor(file: string, lines: LineCounter) {
    this.#file = file;
    this.#lines = lines;
  }

  readRoot(contents: unknown): void {
    if (contents === null || (isScalar(contents) && contents.value === null)) return; // an empty file sets nothing
    if (isMap(contents)) this.#readMap(contents, '');
    else this.mistake(0, 'a configuration file is a list of "setting: value" lines, such as "http: { port: 8080 }"');
  }

  mistake(offset: number | undefined, message: string): void {
    this.mistakes.push({ where: this.#place(offset), message });
  }

  #place(offset: number | undefined): string {
    return offset === undefined ? this.#file : `${this.#file} line ${this.#lines.linePos(offset).line || 1}`;
  }

  #readMap(map: YAMLMap, prefix: string): void {
    for (const pair of map.items) this.#readPair(pair, prefix);
  }

  #readPair(pair: Pair, prefix: string): void {
    const offset = offsetOf(pair.key);
    const key = isScalar(pair.key) ? String(pair.key.value) : '?';
    const name = prefix + key;
    if (isSettingName(name)) this.#readSetting(name, pair.value, offset);
    else if (isMap(pair.value) && isGroup(name)) this.#readMap(pair.value, `${name}.`);
    else if (isGroup(name) && isNothing(pair.value))
      return; // everything below it is commented out
    else this.#refuse(name, offset);
  }

  #refuse(name: string, offset: number | undefined): void {
    const group = settingNames.filter((known) => known.startsWith(`${name}.`)).map((known) => known.split('.')[1]);
    const hint = suggestion(name, settingNames, '--help lists all settings');
    this.mistake(
      offset,
      group.length === 0
        ? `there is no setting "${name}"; ${hint}`
        : `"${name}" is a group: write its settings below it, indented (${group.join(', ')})`,
    );
  }

  #readSetting(name: SettingName, node: unknown, offset: number | undefined): void {
    const from = this.#place(offset);
    const value = isScalar(node) ? node.value : node === null ? null : String(node);
    const read = settingOf(name).read(value);
    if (read.ok) this.values.set(name, { value: read.value, from });
    else this.mistakes.push({ where: `${name} in ${from}`, message: describeWrong(value, read.error) });
  }
}

function offsetOf(node: unknown): number | undefined {
  return (node as { range?: readonly number[] } | null)?.range?.[0];
}

function isNothing(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

function isGroup(name: string): boolean {
  return settingNames.some((known) => known.startsWith(`${name}.`));
}
