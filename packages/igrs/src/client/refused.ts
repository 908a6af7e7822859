/** What the server or a device said no to: `condition` is that of RFC 6120 §8.3.3. */
export class Refused extends Error {
  readonly condition: string;
  /** What it said besides. */
  readonly text: string | undefined;

  constructor(condition: string, text: string | undefined) {
    super(text === undefined ? condition : `${condition}: ${text}`);
    this.name = 'Refused';
    this.condition = condition;
    this.text = text;
  }
}
