# SpamAssassin's Bayes alone, in one process: `score FIRST COUNT` or `train FIRST COUNT` over the messages of an index, answered by
# seconds and the last probability. Reading the files is not timed; parsing the message is. Never more than the default settings
# but for these: learns from the first message on, no expiry and no journal in between.
use strict;
use warnings;
use File::Temp;
use Mail::SpamAssassin;
use Mail::SpamAssassin::PerMsgStatus;
use Time::HiRes qw(time);

my ($index) = @ARGV;
(my $folder = $index) =~ s|/[^/]*$||;
my $state = File::Temp::tempdir(CLEANUP => 1);
my $spamassassin = Mail::SpamAssassin->new({
    local_tests_only => 1, dont_copy_prefs => 1, userstate_dir => $state,
    config_text => join("\n", 'loadplugin Mail::SpamAssassin::Plugin::Bayes', 'use_bayes 1', 'use_bayes_rules 1',
        'bayes_auto_learn 0', 'bayes_auto_expire 0', 'bayes_learn_to_journal 0', 'bayes_min_ham_num 1',
        'bayes_min_spam_num 1', "bayes_path $state/bayes", "body BAYES_50 eval:check_bayes('0.4','0.6')", ''),
});
$spamassassin->init(1);
my ($bayes) = grep { ref($_) =~ /::Bayes$/ } @{ $spamassassin->{plugins}{plugins} };
my @messages;
open my $lines, '<', $index or die;
while (<$lines>) {
    chomp;
    my ($label, $path) = split / /, $_, 2;
    open my $file, '<:raw', "$folder/$path" or die;
    local $/;
    push @messages, [$label eq 'spam', scalar <$file>];
}
$| = 1;
print Mail::SpamAssassin::Version(), "\n";
while (<STDIN>) {
    my ($what, $first, $count) = split;
    last if $what eq 'end';
    my ($last, $start) = (0.5, time);
    for my $message (@messages[$first .. $first + $count - 1]) {
        my $mail = $spamassassin->parse($message->[1], 1);
        if ($what eq 'score') {
            my $status = Mail::SpamAssassin::PerMsgStatus->new($spamassassin, $mail);
            my $probability = $bayes->scan($status, $mail);
            $last = $probability if defined $probability;
            $status->finish;
        } else {
            $bayes->learn_message({ isspam => $message->[0], msg => $mail });
        }
        $mail->finish;
    }
    printf "%.9f %.17g\n", time - $start, $last;
}
