#!/usr/bin/env perl
# Writes packages/xmpp/src/jid/generated/unicode-properties.ts: what PRECIS needs and regular expressions of ECMAScript do not know.
# perl tools/unicode-properties.pl > packages/xmpp/src/jid/generated/unicode-properties.ts
use utf8;
use strict;
use warnings;
binmode STDOUT, ":utf8";
no warnings 'utf8';
use Unicode::UCD;

sub ranges {
  my ($holds) = @_;
  my ($text, $from) = ('', undefined());
  for my $code (0 .. 0x20000, 0xe0000 .. 0xe0200) {
    my $in = ($code < 0xd800 || $code > 0xdfff) && $holds->(chr $code);
    $from = $code if $in && !defined $from;
    next if $in || !defined $from;
    $text .= escaped($from);
    $text .= '-' . escaped($code - 1) if $code - 1 > $from;
    $from = undef;
  }
  return $text;
}
sub undefined { return undef }
sub escaped { my ($code) = @_; return sprintf $code > 0xffff ? '\\u{%x}' : '\\u%04x', $code }

my %tables = (
  rightToLeft => [ 'Bidi_Class R and AL', sub { $_[0] =~ /[\p{Bidi_Class=R}\p{Bidi_Class=AL}]/ && $_[0] =~ /\p{Assigned}/ } ],
  arabicNumber => [ 'Bidi_Class AN', sub { $_[0] =~ /\p{Bidi_Class=AN}/ && $_[0] =~ /\p{Assigned}/ } ],
  europeanNumber => [ 'Bidi_Class EN', sub { $_[0] =~ /\p{Bidi_Class=EN}/ } ],
  nonSpacing => [ 'Bidi_Class NSM', sub { $_[0] =~ /\p{Bidi_Class=NSM}/ } ],
  neutral => [ 'Letters, digits, ASCII and the exceptions of RFC 5892 §2.6, §2.8 of other classes than these and L',
    sub { $_[0] =~ /[\p{L}\p{N}\p{M}!-~\x{b7}\x{375}\x{6fd}\x{6fe}\x{30fb}\x{200c}\x{200d}]/ && $_[0] !~ /[\p{Bidi_Class=L}\p{Bidi_Class=R}\p{Bidi_Class=AL}\p{Bidi_Class=AN}\p{Bidi_Class=EN}\p{Bidi_Class=NSM}]/ } ],
  joinsAfter => [ 'Joining_Type L and D', sub { $_[0] =~ /[\p{Joining_Type=L}\p{Joining_Type=D}]/ } ],
  joinsBefore => [ 'Joining_Type R and D', sub { $_[0] =~ /[\p{Joining_Type=R}\p{Joining_Type=D}]/ } ],
  transparent => [ 'Joining_Type T', sub { $_[0] =~ /\p{Joining_Type=T}/ } ],
  virama => [ 'Canonical_Combining_Class Virama', sub { $_[0] =~ /\p{Canonical_Combining_Class=9}/ } ],
);
print "// Written by tools/unicode-properties.pl from Unicode ", Unicode::UCD::UnicodeVersion(), ": do not edit.\n";
for my $name (sort keys %tables) {
  my ($what, $holds) = @{ $tables{$name} };
  print "\n/** $what. */\nexport const $name =\n  /^[", ranges($holds), "]\$/u;\n";
}
