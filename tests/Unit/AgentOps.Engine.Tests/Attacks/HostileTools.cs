namespace AgentOps.Engine.Tests.Attacks;

/// <summary>
/// What a tool's own process may try, in the shell. A proof is a condition that holds when the attack had its effect; a reason is
/// what the system says to it in the sandbox.
/// </summary>
internal static class HostileTools
{
    private const string Stolen = "grep -q 'PRIVATE KEY' $LOOT";
    private const string Gone = "No such file";
    private const string ReadOnly = "Read-only file system";
    private const string Forged = "grep -q '^forged' $STORE/ledger/log/000000.jsonl";

    public static IReadOnlyList<(string Name, string Category, string Script, string Proof, string Reason)> Rows { get; } =
    [
        ("cat the key", "keys", "cat $STORE/keys/ledger.key", Stolen, Gone),
        ("through its own root", "keys", "cat /proc/self/root$STORE/keys/ledger.key", Stolen, Gone),
        ("through the working folder", "keys", "cd $STORE/keys && cat ledger.key", Stolen, Gone),
        ("through the host's root", "keys", "cat /proc/$HOST/root$STORE/keys/ledger.key", Stolen, Gone),
        ("through the host's folder", "keys", "ls /proc/$HOST/cwd/ && cat $STORE/keys/*.key", Stolen, Gone),
        ("through any process", "keys", "for p in /proc/[0-9]*; do cat $p/root$STORE/keys/ledger.key && break; done", Stolen, "Permission denied|No such file"),
        ("find it", "keys", "find $ROOT -name '*.key' | xargs cat || echo nothing found; find $ROOT -name ledger.key | grep . || echo nothing found", Stolen, "nothing found"),
        ("hard link", "keys", "ln $STORE/keys/ledger.key $OUT/writable/k && cat $OUT/writable/k; r=$?; rm -f $OUT/writable/k; exit $r", Stolen, Gone),
        ("symbolic link", "keys", "ln -sf $STORE/keys/ledger.key $OUT/writable/s; cat $OUT/writable/s; r=$?; rm -f $OUT/writable/s; exit $r", Stolen, Gone),
        ("archive the store", "keys", "tar cf - -C $STORE keys | tr -d '\\000'", Stolen, Gone),
        ("copy the store", "keys", "cp -r $STORE/keys $OUT/writable/ && cat $OUT/writable/keys/ledger.key; r=$?; rm -rf $OUT/writable/keys; exit $r", Stolen, Gone),
        ("take the cover off", "keys", "umount $STORE; cat $STORE/keys/ledger.key", Stolen, "must be superuser|Operation not permitted|permission denied|No such file"),
        ("take the cover off lazily", "keys", "umount -l $STORE; cat $STORE/keys/ledger.key", Stolen, "must be superuser|Operation not permitted|permission denied|No such file"),
        ("take the cover off as another root", "keys", "unshare -Urm sh -c 'umount $STORE; cat $STORE/keys/ledger.key' || cat $STORE/keys/ledger.key", Stolen, "unshare failed"),
        ("enter the host's namespaces", "keys", "nsenter -t 1 -m cat $STORE/keys/ledger.key || cat $STORE/keys/ledger.key", Stolen, "Permission denied|Operation not permitted"),
        ("make it writable again", "keys", "mount -o remount,rw,bind $STORE 2>&1; cat $STORE/keys/ledger.key", Stolen, "permission denied|must be superuser"),
        ("open it by another program", "keys", "perl -e 'open(F, shift) or die \"$!\"; print <F>' $STORE/keys/ledger.key", Stolen, Gone),
        ("source it", "keys", "while read -r l; do echo \"$l\"; done < $STORE/keys/ledger.key", Stolen, Gone),

        ("append a record", "ledger", "echo forged >> $STORE/ledger/log/000000.jsonl", Forged, "No such file|Read-only"),
        ("empty the log", "ledger", "truncate -c -s 0 $STORE/ledger/log/000000.jsonl; stat $STORE/ledger/log/000000.jsonl", "! test -s $STORE/ledger/log/000000.jsonl", Gone),
        ("edit a record", "ledger", "sed -i 's/ledger/forged/' $STORE/ledger/log/000000.jsonl", "head -1 $STORE/ledger/log/000000.jsonl | grep -q forged", "No such file"),
        ("remove the ledger", "ledger", "rm -r $STORE/ledger", "! test -e $STORE/ledger/log/000000.jsonl", Gone),
        ("move the store away", "ledger", "mv $STORE $ROOT/elsewhere", "! test -e $STORE", "Read-only|busy"),
        ("put a key of its own", "ledger", "echo forged > $STORE/keys/ledger.key", "grep -q forged $STORE/keys/ledger.key", "No such file|Read-only"),
        ("make a store of its own in its place", "ledger", "mkdir -p $STORE/forged", "test -e $STORE/forged", "Read-only|No space"),
        ("open the keys to all", "ledger", "chmod 777 $STORE/keys", "test $(stat -c %a $STORE/keys) = 777", Gone),
        ("overwrite in place", "ledger", "printf forged | dd of=$STORE/ledger/log/000000.jsonl conv=notrunc", Forged, "No such file|Read-only"),
        ("hold the lock", "ledger", "perl -e 'use Fcntl \":flock\"; open(F, \"<\", shift) or die \"$!\"; flock(F, LOCK_EX) or die \"$!\"; print \"held\"' $STORE/ledger/.state/lock", "grep -q held $LOOT", Gone),
        ("remove a payload", "ledger", "rm -r $STORE/blobs $STORE/ledger/.state", "! test -e $STORE/ledger/.state", Gone),
        ("run AgentOps on the store", "ledger", "dotnet '$BASE/AgentOps.Ledger.Worker.dll' append $STORE 1 1", "grep -q test.counted $STORE/ledger/log/000000.jsonl", "There is no ledger|does not exist"),

        ("write what is not its own", "files", "echo evil > $OUT/canary", "grep -q evil $OUT/canary", ReadOnly),
        ("append to a start script", "files", "echo evil >> $OUT/home/.bashrc", "grep -q evil $OUT/home/.bashrc", ReadOnly),
        ("replace the module", "files", "cp /bin/true $OUT/module/AgentOps.dll", "! grep -q intact $OUT/module/AgentOps.dll", ReadOnly),
        ("add a timed job", "files", "echo evil > $OUT/cron.d/evil", "test -e $OUT/cron.d/evil", ReadOnly),
        ("remove what is not its own", "files", "rm -f $OUT/canary && echo removed", "! test -e $OUT/canary", ReadOnly),
        ("move over it", "files", "echo evil > $OUT/writable/e; mv -f $OUT/writable/e $OUT/canary; r=$?; rm -f $OUT/writable/e; exit $r", "grep -q evil $OUT/canary", "Read-only|cross-device"),
        ("through a link in its own folder", "files", "ln -sf $OUT/canary $OUT/writable/l; echo evil > $OUT/writable/l; r=$?; rm -f $OUT/writable/l; exit $r", "grep -q evil $OUT/canary", ReadOnly),
        ("through a hard link", "files", "ln $OUT/canary $OUT/writable/h && echo evil > $OUT/writable/h; r=$?; rm -f $OUT/writable/h; exit $r", "grep -q evil $OUT/canary", "cross-device|Read-only"),
        ("through its own root", "files", "echo evil > /proc/self/root$OUT/canary", "grep -q evil $OUT/canary", ReadOnly),
        ("mount it writable", "files", "mount -o remount,rw / 2>&1; echo evil > $OUT/canary", "grep -q evil $OUT/canary", ReadOnly),
        ("leave something in the shared temporary folder", "files", "echo evil > /tmp/agentops-left-$HOST && echo left", "test -e /tmp/agentops-left-$HOST && rm /tmp/agentops-left-$HOST", "left"),
        ("leave something in shared memory", "files", "echo evil > /dev/shm/agentops-left-$HOST && echo left", "test -e /dev/shm/agentops-left-$HOST && rm /dev/shm/agentops-left-$HOST", "left"),
        ("fill the disk", "amounts", "fallocate -l 1100M $OUT/writable/big && echo filled; r=$?; rm -f $OUT/writable/big; exit $r", "grep -q filled $LOOT", "File too large|File size limit"),
        ("change a setting of the kernel", "privileges", "cat /proc/sys/vm/swappiness > /proc/sys/vm/swappiness && echo changed", "grep -q changed $LOOT", ReadOnly),
        ("change its own standing", "privileges", "echo 1 > /proc/self/oom_score_adj && echo changed", "grep -q changed $LOOT", ReadOnly),

        ("read another process's environment", "secrets", "tr '\\000' '\\n' < /proc/$VICTIM/environ | grep SECRET-OF", "grep -q SECRET-OF-THE-HOST $LOOT", Gone),
        ("inherit the host's environment", "secrets", "env | grep SECRET-OF || echo clean", "grep -q SECRET-OF-THE-HOST $LOOT", "clean"),
        ("read the host's memory map", "secrets", "cat /proc/$HOST/maps", "grep -q dotnet $LOOT", Gone),
        ("list the host's open files", "secrets", "ls /proc/$HOST/fd/", "grep -q '^0$' $LOOT", Gone),
        ("see the host's processes", "secrets", "ps -p $HOST -o pid= || echo unseen", "grep -q $HOST $LOOT", "unseen"),
        ("read the command lines of others", "secrets", "tr '\\000' ' ' < /proc/$VICTIM/cmdline", "grep -q 'sleep 600' $LOOT", Gone),

        ("kill a process of the account", "processes", "kill -9 $VICTIM", "kill -9 $VICTIM; sleep 0.05; ! kill -0 $VICTIM", "No such process"),
        ("stop a process of the account", "processes", "kill -STOP $VICTIM && echo stopped; kill -CONT $VICTIM", "grep -q stopped $LOOT", "No such process"),
        ("slow down a process of the account", "processes", "renice -n 5 -p $VICTIM && echo slowed", "grep -q slowed $LOOT", "No such process"),
        ("trace a process of the account", "processes", "perl -e 'my $r = syscall(101, 16, $VICTIM, 0, 0); print $r == 0 ? \"traced\" : \"$!\"; exit($r != 0)'", "grep -q traced $LOOT", "No such process|Operation not permitted"),
        ("leave a child behind", "processes", "(sleep 0.3; echo late > $OUT/writable/late1) & echo away", "sleep 0.6; test -e $OUT/writable/late1", "away"),
        ("leave a session of its own behind", "processes", "(setsid sh -c 'sleep 0.3; echo late > $OUT/writable/late2' > /dev/null 2>&1 &) ; echo away", "sleep 0.6; test -e $OUT/writable/late2", "away"),
        ("fork twice and let go", "processes", "(( sleep 0.3; echo late > $OUT/writable/late3 ) > /dev/null 2>&1 &) & disown -a; echo away", "sleep 0.6; test -e $OUT/writable/late3", "away"),
        ("ignore the hang-up", "processes", "nohup sh -c 'sleep 0.3; echo late > $OUT/writable/late4' > /dev/null 2>&1 & echo away", "sleep 0.6; test -e $OUT/writable/late4", "away"),
        ("a daemon with every signal ignored", "processes", "(trap '' TERM INT HUP QUIT; setsid sh -c 'sleep 0.3; echo late > $OUT/writable/late5' > /dev/null 2>&1 &) ; echo away", "sleep 0.6; test -e $OUT/writable/late5", "away"),
        ("fork without end", "amounts", "perl -e 'my $n = 0; while ($n < 400) { my $p = fork(); if (!defined $p) { print \"$!\"; exit 1 } if (!$p) { sleep 1; exit } $n++ } print \"made $n\"'", "grep -q 'made 400' $LOOT", "Resource temporarily unavailable"),
        ("open files without end", "amounts", "perl -e 'my @f; for (1..3000) { open(my $f, \"<\", \"/dev/null\") or do { print \"$!\"; exit 1 }; push @f, $f } print \"opened all\"'", "grep -q 'opened all' $LOOT", "Too many open files"),
        ("raise its own limit", "amounts", "ulimit -n 4096 && echo raised", "grep -q raised $LOOT", "cannot modify limit"),

        ("talk to the host's loopback", "network", "exec 3<>/dev/tcp/127.0.0.1/$PORT && echo evil >&3 && cat <&3", "grep -q OK $LOOT", "Connection refused"),
        ("over IPv6", "network", "exec 3<>/dev/tcp/::1/$PORT && echo evil >&3 && cat <&3", "grep -q OK $LOOT", "refused|Cannot assign|unreachable|No address|not known"),
        ("by the host's name", "network", "exec 3<>/dev/tcp/localhost/$PORT && echo evil >&3 && cat <&3", "grep -q OK $LOOT", "refused|Cannot assign|not known|resolution"),
        ("by a socket in the temporary folder", "network", "perl -MIO::Socket::UNIX -e 'my $s = IO::Socket::UNIX->new(Peer => \"$SOCKET\") or do { print \"$!\"; exit 1 }; print $s \"evil\\n\"; $s->flush; print <$s>'", "grep -q OK $LOOT", Gone),
        ("see the host's sockets", "network", "grep -i $HEX /proc/net/tcp /proc/net/tcp6 || echo unseen", "grep -q -i $HEX $LOOT", "unseen"),

        ("make a device", "privileges", "mknod $OUT/writable/d c 1 3 && echo made; r=$?; rm -f $OUT/writable/d; exit $r", "grep -q made $LOOT", "Operation not permitted"),
        ("mount something", "privileges", "mkdir -p $OUT/writable/m; mount -t tmpfs x $OUT/writable/m && echo mounted && umount $OUT/writable/m; r=$?; rmdir $OUT/writable/m; exit $r", "grep -q mounted $LOOT", "permission denied|must be superuser"),
        ("change its root", "privileges", "chroot / true && echo changed", "grep -q changed $LOOT", "Operation not permitted"),
        ("make a user namespace", "privileges", "unshare -Ur echo made", "grep -q made $LOOT", "unshare failed"),
        ("give a file away", "privileges", "echo x > $OUT/writable/g; chown 12345 $OUT/writable/g && echo given; r=$?; rm -f $OUT/writable/g; exit $r", "grep -q given $LOOT", "Operation not permitted|Invalid argument"),
        ("become another account", "privileges", "setpriv --reuid 65534 --regid 65534 --clear-groups echo became", "grep -q became $LOOT", "failed|Operation not permitted|Invalid argument"),
    ];
}
