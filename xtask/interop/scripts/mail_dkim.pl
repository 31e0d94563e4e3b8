# Mail::DKIM as a peer of `cargo xtask interop dkim`: mail_dkim.pl FOLDER; the lines printed are described in
# src/peer.rs.
use strict;
use warnings;

unless (eval { require Mail::DKIM::Verifier; require Mail::DKIM::Signer; require Net::DNS; 1 }) {
    print "missing Mail::DKIM is not installed\n";
    exit;
}
my $folder = shift;
my %keys;
open my $list, '<', "$folder/keys.txt" or die $!;
while (<$list>) {
    chomp;
    my ($name, $text) = split /\t/;
    $keys{$name} = $text;
}

# In place of the network.
{
    no warnings 'redefine';
    *Mail::DKIM::DNS::query = sub {
        my ($name, $type) = @_;
        my $text = $keys{$name} or return;
        my @strings = map { "\"$_\"" } $text =~ /(.{1,250})/g;
        return Net::DNS::RR->new("$name. TXT @strings");
    };
}

sub slurp {
    open my $file, '<:raw', $_[0] or die "$_[0]: $!";
    local $/;
    my $octets = <$file>;
    return defined $octets ? $octets : '';
}

sub names { opendir my $dir, "$folder/$_[0]" or die $!; return sort grep { !/^\./ } readdir $dir }

print "version Mail::DKIM $Mail::DKIM::VERSION\n";
my $ed25519 = eval { require Mail::DKIM::Algorithm::ed25519_sha256; 1 };
print "lacks ed25519 this version has no ed25519-sha256\n" unless $ed25519;
for my $name (names('ours')) {
    next if $name =~ /ed25519/ && !$ed25519;
    my $result = eval {
        my $dkim = Mail::DKIM::Verifier->new;
        $dkim->PRINT(slurp("$folder/ours/$name"));
        $dkim->CLOSE;
        $dkim->result eq 'pass' ? 'pass' : 'fail ' . $dkim->result_detail;
    } || "fail $@";
    $result =~ s/\s+/ /g;
    print "verify $name $result\n";
}
print "lacks l= its signer has no way to ask for it\n";
for my $name (names('plain')) {
    for my $header ('relaxed', 'simple') {
        for my $body ('relaxed', 'simple') {
            my $file = "$name.rsa.$header-$body";
            my $field = eval {
                my $dkim = Mail::DKIM::Signer->new(
                    Algorithm => 'rsa-sha256', Method => "$header/$body", Domain => 'example.org',
                    Selector => 'rsa', KeyFile => "$folder/rsa.pem");
                my $message = slurp("$folder/plain/$name");
                $dkim->PRINT($message);
                $dkim->CLOSE;
                $dkim->signature->as_string;
            };
            if (!$field) { my $why = $@; $why =~ s/\s+/ /g; print "unsigned $file $why\n"; next }
            open my $out, '>:raw', "$folder/theirs/$file" or die $!;
            print $out "$field\r\n", slurp("$folder/plain/$name");
            close $out;
            print "signed $file\n";
        }
    }
}
