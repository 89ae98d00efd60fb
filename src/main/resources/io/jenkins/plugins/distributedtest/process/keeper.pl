# Keeps a program and every process that comes of it together: keeper OWNER FILE PRCTL COUNT [NAME=VALUE]... PROGRAM NAME [ARGUMENT]...
#
# The owner's child is the relay, which ends as the program ends. Its child, the keeper, is the subreaper of the program:
# a process of it whose parent ends becomes the keeper's child, whatever session or environment it has given itself. The
# keeper's id stands in FILE as soon as the program runs, else "!" and why it does not. FILE is gone when nothing is left.
# SIGTERM to the keeper kills everything. So does the end of the owner.
my ($owner, $file, $prctl, $count) = splice @ARGV, 0, 4;
# Perl's own variables are the program's only; OWNER has moved them to the arguments.
delete $ENV{PERL_BADLANG};
for (splice @ARGV, 0, $count) {
    my ($name, $value) = split /=/, $_, 2;
    $ENV{$name} = $value;
}
my @command = @ARGV;
my $program = shift @command;
open my $life, '<', "/proc/$owner/stat" or exit 125;
exit 125 if getppid() != $owner;
# Takes the marks out of what /proc shows of this process, so that whoever kills the marked leaves it at its work.
$0 = 'distributed-test-keeper';

sub lives {
    seek $life, 0, 0;
    my $read = sysread $life, my $stat, 4096;
    return $read && $stat !~ /^.*\) [ZX]/s;
}

sub quiet {
    open STDIN, '<', '/dev/null';
    open STDOUT, '>', '/dev/null';
    open STDERR, '>', '/dev/null';
    chdir '/';
}

sub note {
    my ($text) = @_;
    open my $out, '>', $file or return;
    return syswrite $out, "$text\n";
}

pipe my $status, my $ending or exit 125;
my $relay  = $$;
my $keeper = fork;
if (!defined $keeper) {
    note("!$!");
    exit 125;
}
if ($keeper) {
    close $ending;
    $SIG{$_} = 'IGNORE' for qw(INT HUP QUIT TERM PIPE);
    quiet();
    while (1) {
        my $ready = '';
        vec($ready, fileno $status, 1) = 1;
        if (select $ready, undef, undef, 1) {
            my $got = sysread $status, my $code, 16;
            next if !defined $got;
            exit($got ? $code : 137);
        }
        kill 'TERM', $keeper if !lives();
    }
}

close $status;
my $main = 0;
my $told = 0;

sub report {
    syswrite $ending, $_[0] if !$told;
    $told = 1;
    close $ending;
}

sub code {
    return $? & 127 ? 128 + ($? & 127) : $? >> 8;
}

sub children {
    if (open my $list, '<', "/proc/$$/task/$$/children") {
        my $all = <$list>;
        return split ' ', defined $all ? $all : '';
    }
    my @found;
    opendir my $all, '/proc' or return;
    for my $each (grep { /^\d+$/ } readdir $all) {
        open my $in, '<', "/proc/$each/stat" or next;
        my $stat = <$in>;
        push @found, $1 if defined $stat && $stat =~ /^(\d+) .*\) \S (\d+) /s && $2 == $$;
    }
    return @found;
}

sub end {
    $SIG{$_} = 'IGNORE' for qw(TERM USR1);
    my $result = 137;
    for my $round (1 .. 2500) {
        my $got = waitpid -1, 1;
        if ($got > 0) {
            $result = code() if $got == $main;
            redo;
        }
        if ($got < 0) {
            unlink $file;
            rmdir substr $file, 0, rindex $file, '/' if !lives();
            last;
        }
        kill 'KILL', children();
        select undef, undef, undef, 0.002;
    }
    report($result);
    exit 0;
}

$SIG{$_} = 'IGNORE' for qw(INT HUP QUIT PIPE);
$SIG{TERM} = \&end;
$SIG{USR1} = sub { end() if !$told };
# PR_SET_CHILD_SUBREAPER; PR_SET_PDEATHSIG with SIGUSR1.
if (syscall($prctl, 36, 1, 0, 0, 0) != 0) {
    note("!no subreaper: $!");
    report(125);
    exit 125;
}
syscall($prctl, 1, 10, 0, 0, 0);
end() if getppid() != $relay;
pipe my $failure, my $problem;
$main = fork;
if (!defined $main) {
    note("!$!");
    report(125);
    exit 125;
}
if ($main == 0) {
    $SIG{$_} = 'DEFAULT' for qw(INT HUP QUIT PIPE TERM USR1);
    setpgrp 0, 0;
    exec { $program } @command;
    # As execvp does: a file without a first line that says otherwise is the shell's.
    exec { '/bin/sh' } 'sh', $program, @command[1 .. $#command] if $! == 8;
    syswrite $problem, "$!";
    exit 127;
}
close $problem;
quiet();
my $failed = sysread $failure, my $why, 1000;
if ($failed) {
    note("!$why");
    waitpid $main, 0;
    report(127);
    exit 127;
}
end() if !note($$);

while (1) {
    my $got = waitpid -1, 0;
    last if $got == $main || $got < 0;
}
my $result = code();
my $polled = 0;
while (1) {
    my $got = waitpid -1, 1;
    next if $got > 0;
    if ($got < 0) {
        unlink $file;
        report($result);
        exit 0;
    }
    report($result);
    end() if !lives();
    select undef, undef, undef, 0.5;
}
