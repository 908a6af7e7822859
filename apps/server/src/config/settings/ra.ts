import { hours, milliseconds, minutes, seconds } from '@yaolian/kernel';
import { address, choice, duration, integer, objects, onOff, optional, text } from '../setting.ts';

/** Remote Access. */
export const raSettings = {
  'ra.domain': optional(
    text({
      maxLength: 255,
      default: 'home.example',
      description:
        'Remote Access for accounts of this domain: switches the message server (xmpp.*) on too; unset: there is none',
      placeholder: '<domain>',
    }),
  ),
  'ra.invitation': optional(
    text({
      default: 'a-token',
      description: 'Token that whoever registers an account has to tell; unset: everybody may register',
      placeholder: '<token>',
      isSecret: true,
    }),
  ),
  'ra.servers-port': optional(
    integer({
      min: 0,
      max: 65535,
      default: 8444,
      description: 'TCP port for application servers (HTTPS, mutual TLS); unset: there is none; 0 takes a free one',
      placeholder: '<port>',
    }),
  ),
  'ra.servers-host': address({
    default: '127.0.0.1',
    description: 'Address of the same',
    example: '0.0.0.0',
  }),
  'ra.servers-ca': optional(
    text({
      default: 'servers-ca.pem',
      description: 'PEM file with the authorities of application servers; whoever has a certificate of theirs is one',
      placeholder: '<file>',
    }),
  ),
  'ra.servers-names': optional(
    text({
      default: 'shop.example,care.example',
      description: 'Names (DNS) of certificates that are let in; unset: all of the authorities',
      placeholder: '<names>',
    }),
  ),
  'ra.vendor-compat': onOff({
    default: false,
    description: 'Answer the namespaces of the originators’ older clients (http://www.igrs.org/spec2.0/…) too',
  }),
  'ra.operator-objects': objects({
    default: [0, 1, 2, 5],
    description: 'Objects of terminals that users read and never change, owners neither: servers, access, firmware',
  }),
  'ra.owner-updates': onOff({
    default: true,
    description:
      'Owners may begin the update of their terminal to the newest firmware package that was uploaded for its model',
  }),
  'ra.code-resource': optional(
    text({
      default: '/3341/0/5527',
      description: 'Resource of shared terminals that have a screen, to which their verification codes are written',
      placeholder: '<path>',
    }),
  ),
  'ra.describe-timeout': duration({
    min: milliseconds(1),
    max: minutes(10),
    default: seconds(3),
    description: 'How long sharing a terminal waits for what it says of itself; after that it is shared without',
  }),
  'ra.code-after-unbind': choice({
    default: 'renew',
    of: ['renew', 'keep'],
    description:
      'The code of a terminal whose last owner has gone: renew (a code seen earlier is void), keep (codes are printed)',
  }),
  'ra.max-changes': integer({
    min: 1,
    max: 1_000_000,
    default: 60,
    description:
      'Changes of devices, friends, permissions and the like by one account a minute, lasting; five times as many at once',
  }),
  'ra.observe-away': duration({
    min: seconds(1),
    max: hours(24 * 365),
    default: hours(24),
    description: 'How long what a user observes over XMPP goes on while none of its connections is there',
  }),
  'ra.observe-page-away': duration({
    min: seconds(1),
    max: hours(24),
    default: minutes(1),
    description: 'How long what a page of a user observes goes on after it closed, for a user who is back soon',
  }),
  'ra.code-lifetime': duration({
    min: minutes(1),
    max: hours(24 * 3650),
    default: hours(24 * 30),
    description: 'How long a verification code of a device is good',
  }),
} as const;
