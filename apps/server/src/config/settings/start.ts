import { choice, text } from '../setting.ts';

/** What the platform is, and where. */
export const startSettings = {
  'data-dir': text({
    default: './data',
    description: 'Folder of everything that is kept; made when it does not exist',
    placeholder: '<folder>',
    example: '/var/lib/yaolian',
  }),
  profile: choice({
    of: ['plain', 'china-mobile-a', 'china-mobile-b', 'china-mobile-c', 'auto'],
    default: 'plain',
    description:
      "How endpoint names are read: as they are, as one of China Mobile's profiles has them, or auto: by the form of each name",
    example: 'auto',
  }),
  enrolment: choice({
    of: ['open', 'allow-list'],
    default: 'open',
    description: 'Who may register until an operator sets it: everybody, or the devices on the allow-list',
    example: 'allow-list',
  }),
} as const;
