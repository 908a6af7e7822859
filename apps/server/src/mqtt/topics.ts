/** Where things are published, below the prefix that the configuration has. */
export class Topics {
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Whether the platform itself is there. */
  get status(): string {
    return `${this.#prefix}/status`;
  }

  state(device: string): string {
    return `${this.#prefix}/devices/${topicLevel(device)}/state`;
  }

  /** @param path of a resource or resource instance: `/3303/0/5700` */
  value(device: string, path: string): string {
    return `${this.#prefix}/devices/${topicLevel(device)}/values${path}`;
  }

  event(device: string | undefined, type: string): string {
    const place = device === undefined ? this.#prefix : `${this.#prefix}/devices/${topicLevel(device)}`;
    return `${place}/events/${type}`;
  }
}

/** MQTT 5 §4.7: a name as one level of a topic; what has a meaning there, or is forbidden, is percent-encoded. */
export function topicLevel(name: string): string {
  return name.replaceAll(/[%/+#\p{Cc}]/gu, encodeURIComponent);
}
