# Mail::DKIM as a peer of `cargo xtask interop dkim`: mail_dkim.pl FOLDER sign TAG | verify DIR; the
# lines printed are described in src/peer.rs.
use strict;
use warnings;

unless (eval { require Mail::DKIM; require Mail::DKIM::Verifier; require Mail::DKIM::Signer; require Net::DNS; 1 }) {
    print "missing Mail::DKIM is not installed\n";
    exit;
}
my ($folder, $verb, $place) = @ARGV;
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
my $arc = eval { require Mail::DKIM::ARC::Verifier; require Mail::DKIM::ARC::Signer; 1 };
print "lacks arc Mail::DKIM::ARC or what it needs is not installed\n" unless $arc;

if ($verb eq 'verify') {
    for my $name (names($place)) {
        next if $name =~ /\.ed25519\./ && !$ed25519;
        next if $name =~ /\.arc/ && !$arc;
        my $result = eval {
            my $dkim = $name =~ /\.arc/ ? Mail::DKIM::ARC::Verifier->new : Mail::DKIM::Verifier->new;
            $dkim->PRINT(slurp("$folder/$place/$name"));
            $dkim->CLOSE;
            $dkim->result eq 'pass' ? 'pass' : 'fail ' . $dkim->result_detail;
        } || "fail $@";
        $result =~ s/\s+/ /g;
        print "verify $name $result\n";
    }
    exit;
}

sub keep {
    my ($file, $fields, $message) = @_;
    open my $out, '>:raw', "$folder/$file" or die $!;
    print $out $fields, $message;
    close $out;
    print "signed $file\n";
}

sub unsigned { my ($file, $why) = @_; $why =~ s/\s+/ /g; print "unsigned $file $why\n" }

print "lacks l= its signer has no way to ask for it\n";
for my $name (names('plain')) {
    for my $header ('relaxed', 'simple') {
        for my $body ('relaxed', 'simple') {
            my $file = "theirs/$place/$name.rsa.$header-$body";
            my $message = slurp("$folder/plain/$name");
            my $field = eval {
                my $dkim = Mail::DKIM::Signer->new(
                    Algorithm => 'rsa-sha256', Method => "$header/$body", Domain => 'example.org',
                    Selector => 'rsa', KeyFile => "$folder/rsa.pem");
                $dkim->PRINT($message);
                $dkim->CLOSE;
                $dkim->signature->as_string;
            };
            if ($field) { keep($file, "$field\r\n", $message) } else { unsigned($file, $@) }
        }
    }
}
for my $name ($arc ? names('arc-plain') : ()) {
    my ($base, $algorithm, $hop) = split /\./, $name;
    my $file = "arc-theirs/$place/$base.rsa.$hop.on-$algorithm";
    my $message = slurp("$folder/arc-plain/$name");
    my $fields = eval {
        my $signer = Mail::DKIM::ARC::Signer->new(
            Algorithm => 'rsa-sha256', Chain => 'ar', Domain => 'example.org', SrvId => 'mx.example.org',
            Selector => 'rsa', KeyFile => "$folder/rsa.pem");
        $signer->PRINT($message);
        $signer->CLOSE;
        die $signer->{details} . "\n" unless $signer->result eq 'sealed';
        $signer->as_string;
    };
    if ($fields) {
        $fields =~ s/\r?\n/\r\n/g;
        $fields .= "\r\n" unless $fields =~ /\r\n$/;
        keep($file, $fields, $message);
    } else {
        unsigned($file, $@);
    }
}
