package io.jenkins.plugins.distributedtest.config;

import static io.jenkins.plugins.distributedtest.config.ConfigFile.GORGON;
import static io.jenkins.plugins.distributedtest.config.ConfigFile.GORGON_LISTENER;
import static io.jenkins.plugins.distributedtest.config.ConfigFile.GORGON_SECRET;
import static io.jenkins.plugins.distributedtest.config.ConfigFile.OURS;
import static io.jenkins.plugins.distributedtest.config.KeyType.CHOICE;
import static io.jenkins.plugins.distributedtest.config.KeyType.COMMAND;
import static io.jenkins.plugins.distributedtest.config.KeyType.COUNT;
import static io.jenkins.plugins.distributedtest.config.KeyType.DURATION;
import static io.jenkins.plugins.distributedtest.config.KeyType.FLAG;
import static io.jenkins.plugins.distributedtest.config.KeyType.LIST_MAP;
import static io.jenkins.plugins.distributedtest.config.KeyType.PATH;
import static io.jenkins.plugins.distributedtest.config.KeyType.PORT;
import static io.jenkins.plugins.distributedtest.config.KeyType.POSITIVE;
import static io.jenkins.plugins.distributedtest.config.KeyType.PROJECTS;
import static io.jenkins.plugins.distributedtest.config.KeyType.SIZE;
import static io.jenkins.plugins.distributedtest.config.KeyType.TEXT;
import static io.jenkins.plugins.distributedtest.config.KeyType.TEXTS;
import static io.jenkins.plugins.distributedtest.config.KeyType.TEXT_MAP;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Every key there is. Parsing, error messages, the file that {@code init} writes and the table in
 * {@code docs/configuration.md} are all made from this one list.
 */
public final class Keys {
    /** Files of an originator, Gorgon's and ours. */
    private static final Set<ConfigFile> RUN = EnumSet.of(GORGON, GORGON_SECRET, OURS);
    /** Files of a listener, Gorgon's and ours. */
    private static final Set<ConfigFile> LISTEN = EnumSet.of(GORGON_LISTENER, OURS);
    /** Every file. */
    private static final Set<ConfigFile> ALL = EnumSet.allOf(ConfigFile.class);
    /** What Gorgon does not have. */
    private static final Set<ConfigFile> NEW = EnumSet.of(OURS);

    /** The runners there are. */
    static final List<String> RUNNERS = List.of(
            "rspec",
            "minitest",
            "test-unit",
            "pytest",
            "unittest",
            "django",
            "junit",
            "node",
            "jest",
            "mocha",
            "vitest",
            "ava",
            "playwright",
            "go",
            "command");

    private static final List<String> CALLBACKS = List.of(
            "before_originate",
            "after_sync",
            "before_creating_workers",
            "before_start",
            "after_complete",
            "after_creating_workers",
            "after_job_finishes");

    /** Other names for a key, as Gorgon's AMQP client allows them: other name to the key's own. */
    static final Map<String, String> ALIASES = Map.of(
            "connection.user", "connection.username",
            "connection.pass", "connection.password",
            "connection.virtual_host", "connection.vhost",
            "connection.ssl", "connection.tls");

    private static final Map<String, Key> BY_NAME = byName(table());

    private Keys() {}

    private static List<Key> table() {
        List<Key> keys = new ArrayList<>();
        connection(keys);
        suite(keys);
        run(keys);
        sync(keys);
        callbacksAndRunners(keys);
        projects(keys);
        output(keys);
        listener(keys);
        return keys;
    }

    private static void connection(List<Key> keys) {
        keys.add(key("connection.host", TEXT, "\"localhost\"", "Host of the AMQP broker.", ALL));
        keys.add(noted("connection.port", PORT, "5672, with TLS 5671", "Port of the broker.", ALL));
        keys.add(key("connection.vhost", TEXT, "\"/\"", "Virtual host. Also `virtual_host`.", ALL));
        keys.add(key("connection.username", TEXT, "\"guest\"", "User name. Also `user`.", ALL));
        keys.add(key(
                "connection.password",
                TEXT,
                "\"guest\"",
                "Password. Also `pass`. Keep it out of version control: in `gorgon_secret.json` or the environment.",
                ALL));
        keys.add(key("connection.tls", FLAG, "false", "Whether to use TLS. Also `ssl`.", ALL));
        keys.add(noted(
                "connection.tls_ca_certificates",
                TEXTS,
                "the platform's",
                "PEM file of the certificates to trust (one file, as a text or a list of one).",
                ALL));
        keys.add(key("connection.tls_cert", PATH, null, "PEM file of the client's certificate.", ALL));
        keys.add(key("connection.tls_key", PATH, null, "PEM file (PKCS#8) of the client's key.", ALL));
        keys.add(key(
                "connection.tls_fingerprint",
                TEXT,
                null,
                "SHA-256 of the one server certificate to trust, in hex; its host name is then not checked.",
                NEW));
    }

    private static void suite(List<Key> keys) {
        keys.add(key(
                "files",
                TEXTS,
                null,
                "Globs of the test files, in order. Not needed where the project itself says them (Maven, Gradle, RSpec, Rails, rake, Jest, mocha, pytest, Go).",
                RUN));
        keys.add(key("exclude", TEXTS, "[]", "Globs of files to leave out of the suite.", NEW));
        keys.add(key(
                "quarantine",
                PATH,
                null,
                "A file that names tests, one a line, whose failure does not make the run fail.",
                NEW));
        keys.add(map(
                "groups",
                LIST_MAP,
                "Globs of files that do not bear each other, by the name of their group: of a group one file runs at a time in"
                        + " the whole run (see [Files that share something](runners.md#files-that-share-something)).",
                List.of()));
        keys.add(noted("project", TEXT, "the directory's name", "Name of the project, for people and caches.", NEW));
    }

    private static void projects(List<Key> keys) {
        keys.add(noted(
                "projects",
                PROJECTS,
                "found by their own files",
                "Parts of the tree that are projects of their own; their files run there, as their own command would.",
                NEW));
    }

    private static void run(List<Key> keys) {
        keys.add(choice(
                "protocol",
                "\"native\"",
                "The wire protocol. `gorgon` lets Ruby Gorgon listeners take part; our listeners serve both.",
                NEW,
                List.of("native", "gorgon")));
        keys.add(choice(
                "gorgon.cancel",
                "\"run\"",
                "With `protocol: gorgon`: how a run is cancelled. `run` stops this run only; a Ruby worker ends the file it"
                        + " has first. `broadcast` also sends Gorgon's own cancel message, which stops Ruby listeners at"
                        + " once, those of all other runs and clusters too.",
                NEW,
                List.of("run", "broadcast")));
        keys.add(key(
                "cluster_id",
                TEXT,
                null,
                "Originators and listeners find each other only within one cluster; none is a cluster of its own.",
                EnumSet.of(GORGON_LISTENER, OURS)));
        keys.add(key("file_timeout", DURATION, "\"10m\"", "A file that runs longer is killed and has timed out.", NEW));
        keys.add(noted("run_timeout", DURATION, "none", "A run that takes longer ends with an error.", NEW));
        keys.add(key(
                "listener_timeout",
                DURATION,
                "\"60s\"",
                "How long `run` waits for a first listener before it ends with an error.",
                NEW));
        keys.add(choice(
                "fallback",
                "\"none\"",
                "What `run` does when the broker is away: `local` runs the suite on this machine, on `worker_slots` slots.",
                NEW,
                List.of("none", "local")));
        keys.add(key("heartbeat", DURATION, "\"5s\"", "How often both sides show that they are alive.", NEW));
        keys.add(key(
                "silence",
                DURATION,
                "\"20s\"",
                "After how long without a sign of life a listener's files are given to others.",
                NEW));
        keys.add(noted(
                "originator_timeout",
                DURATION,
                "six times `silence`",
                "How long listeners go on with a run whose originator shows no sign of life.",
                NEW));
        keys.add(key("fail_fast", COUNT, "0", "End the run after this many failed files; 0: never.", NEW));
        keys.add(key("retries", COUNT, "0", "How often a failed file is tried again.", NEW));
        keys.add(key("retry_budget", COUNT, "20", "How many retries the whole run may spend.", NEW));
        keys.add(key(
                "fail_if_no_tests",
                FLAG,
                "true",
                "Whether a run fails in which no file has a test, or filters left out all. Not set, the own command of a"
                        + " JavaScript tool that tells the suite decides.",
                NEW));
        keys.add(key(
                "environment",
                TEXT_MAP,
                "{}",
                "Environment variables for tests and callbacks. They travel in the job definition: no secrets.",
                NEW));
    }

    private static void sync(List<Key> keys) {
        keys.add(new Key(
                "job.sync.kind",
                CHOICE,
                null,
                "`content`; with `protocol: gorgon` `rsync`",
                "How listeners get the sources: through the broker, from a file server, from git, or not at all.",
                NEW,
                List.of("content", "rsync", "git", "none")));
        keys.add(key(
                "job.sync.exclude",
                TEXTS,
                "[\".git\"]",
                "Patterns, as rsync has them, of what listeners do not get. `.distributed-test` never travels.",
                RUN));
        keys.add(key(
                "job.sync.max_content",
                SIZE,
                "\"256 MiB\"",
                "For `content`: how much listeners may lack before a run refuses to send it through the broker.",
                NEW));
        keys.add(choice(
                "job.sync.rsync_transport",
                "\"anonymous\"",
                "For `rsync`: through ssh, or the rsync daemon.",
                RUN,
                List.of("anonymous", "ssh")));
        keys.add(key(
                "job.sync.rsync_key_file",
                PATH,
                null,
                "For `rsync` through ssh: the private key. A listener has its own.",
                NEW));
        keys.add(noted(
                "job.sync.ssh_config",
                PATH,
                "the user's",
                "For `rsync` through ssh: a file as `ssh -F` takes it, for port, user, known hosts. A listener has its own.",
                NEW));
        keys.add(key(
                "job.sync.any_host_key",
                FLAG,
                "false",
                "For `rsync` through ssh: take any host key, as Gorgon does. Insecure. A listener has its own.",
                NEW));
        keys.add(key("file_server.host", TEXT, null, "For `rsync`: the file server. Needed there.", RUN));
        keys.add(key("file_server.port", PORT, "43434", "For `rsync` through the daemon: its port.", NEW));
        keys.add(key("file_server.module", TEXT, "\"src\"", "For `rsync` through the daemon: its module.", NEW));
        keys.add(noted("job.sync.git_url", TEXT, "the remote `origin`", "For `git`: where to clone from.", NEW));
        keys.add(noted("job.sync.git_ref", TEXT, "the commit checked out", "For `git`: the ref to fetch.", NEW));
        keys.add(key(
                "job.sync.git_protocols",
                TEXTS,
                "[\"https\", \"http\", \"ssh\", \"git\"]",
                "For `git`: the protocols that its URL may use. A listener has its own.",
                NEW));
    }

    private static void callbacksAndRunners(List<Key> keys) {
        keys.add(key(
                "job.callbacks.callbacks_class_file",
                TEXT,
                null,
                "Ruby file that sets `Gorgon.callbacks`, relative to the project.",
                RUN));
        keys.add(map("job.callbacks.commands", LIST_MAP, "Callbacks as commands, by the callback's name.", CALLBACKS));
        keys.add(map(
                "runners.files",
                TEXT_MAP,
                "Which runner takes which files, by glob; the first that matches.",
                List.of()));
        keys.add(map(
                "runners.interpreters",
                LIST_MAP,
                "The command that starts a language, or Maven or Gradle.",
                List.of("ruby", "python", "node", "java", "go", "maven", "gradle")));
        keys.add(map("runners.args", LIST_MAP, "Extra arguments for a framework, by runner.", RUNNERS));
        keys.add(map("runners.preload", LIST_MAP, "Files loaded once before workers are forked, by runner.", RUNNERS));
        keys.add(map(
                "runners.isolation",
                TEXT_MAP,
                "A process for each file (`file`) or one for many (`worker`), by runner; its command's way if not set.",
                RUNNERS));
        keys.add(key(
                "runners.class_path",
                TEXTS,
                "[]",
                "For `junit`: entries of the class path, relative to the project; globs allowed.",
                NEW));
        keys.add(key("runners.class_path_command", COMMAND, null, "For `junit`: prints the class path.", NEW));
        keys.add(key(
                "runners.command",
                COMMAND,
                null,
                "For `command`: what runs a file. `{file}`, `{regex}` or `{literal}` stand for the file, `{junit}` for an XML report.",
                NEW));
    }

    private static void output(List<Key> keys) {
        keys.add(key(
                "failed_files",
                PATH,
                "\".distributed-test/failed-files.json\"",
                "Where the files that failed or did not finish are written, and `--failed` reads them.",
                RUN));
        keys.add(key(
                "runtime_file",
                PATH,
                "\".distributed-test/runtimes.json\"",
                "Where each file's runtime is recorded; the next run starts the slowest first.",
                RUN));
        keys.add(key("originator_log_file", PATH, null, "Log file of `run`.", RUN));
        keys.add(key("junit", PATH, null, "Write a JUnit XML report here.", NEW));
        keys.add(key("html", PATH, null, "Write a page with timeline, files and failures here.", NEW));
        keys.add(key("json", PATH, null, "Write everything that is known of the run here.", NEW));
        keys.add(key(
                "collect",
                TEXTS,
                "[]",
                "Globs of files that tests leave on listeners, brought back at the end ([Collected files](collect.md)).",
                NEW));
        keys.add(key(
                "collect_to",
                PATH,
                "\".distributed-test/collected\"",
                "The directory that they go to, below the project's; what an earlier run left in it is removed.",
                NEW));
        keys.add(key(
                "max_collected",
                SIZE,
                "\"256 MiB\"",
                "How much all listeners together may bring back, equal files counted once.",
                NEW));
    }

    private static void listener(List<Key> keys) {
        keys.add(choice(
                "trees",
                "\"listener\"",
                "One source tree for all slots of a listener, or one for each slot: for tests that write into it. Of a run or a listener.",
                NEW,
                List.of("listener", "slot")));
        keys.add(noted("worker_slots", POSITIVE, "the number of processors", "How many files at a time.", LISTEN));
        keys.add(noted("log_file", PATH, "standard error", "Log file of `listen`.", LISTEN));
        keys.add(noted(
                "work_directory",
                PATH,
                "`~/.cache/distributed-test`",
                "Where a listener keeps workspaces and received sources.",
                NEW));
        keys.add(key("keep_workspaces", FLAG, "false", "Keep workspaces after their run, for looking into.", NEW));
        keys.add(key(
                "kept_trees",
                COUNT,
                "2",
                "So many trees of runs that are over stay laid out for the next run of their project"
                        + " ([what is kept](sync.md#from-run-to-run)).",
                NEW));
        keys.add(choice(
                "process_containers",
                "\"auto\"",
                "How the processes of a run are kept together, so that none outlives it"
                        + " ([Processes](runners.md#processes)).",
                NEW,
                List.of("auto", "cgroup", "subreaper", "marks")));
        keys.add(key(
                "callback_timeout",
                DURATION,
                "\"10m\"",
                "A callback, or what a suite does as a process starts or ends, that takes longer has failed.",
                NEW));
        keys.add(key("sync_timeout", DURATION, "\"10m\"", "A sync that takes longer has failed.", NEW));
        keys.add(key("metrics_port", PORT, null, "Serve metrics for Prometheus on this port of the loopback.", NEW));
    }

    private static Key key(String name, KeyType type, String defaultValue, String description, Set<ConfigFile> places) {
        return new Key(name, type, defaultValue, null, description, places, List.of());
    }

    private static Key noted(String name, KeyType type, String note, String description, Set<ConfigFile> places) {
        return new Key(name, type, null, note, description, places, List.of());
    }

    private static Key choice(
            String name, String value, String description, Set<ConfigFile> places, List<String> words) {
        return new Key(name, CHOICE, value, null, description, places, words);
    }

    private static Key map(String name, KeyType type, String description, List<String> members) {
        return new Key(name, type, "{}", null, description, NEW, members);
    }

    private static Map<String, Key> byName(List<Key> keys) {
        Map<String, Key> map = new LinkedHashMap<>();
        for (Key key : keys) {
            if (map.put(key.name(), key) != null) {
                throw new IllegalStateException("twice: " + key.name());
            }
        }
        return map;
    }

    /** All keys, in the order of the reference. */
    public static List<Key> all() {
        return List.copyOf(BY_NAME.values());
    }

    /**
     * A key by its full name or an alias.
     *
     * @return null if there is none
     */
    public static Key find(String name) {
        return BY_NAME.get(ALIASES.getOrDefault(name, name));
    }

    /**
     * A key that must exist.
     *
     * @throws IllegalArgumentException if it does not: a mistake in the program
     */
    static Key get(String name) {
        Key key = BY_NAME.get(name);
        if (key == null) {
            throw new IllegalArgumentException("no such key: " + name);
        }
        return key;
    }

    /** Whether there are keys below this one, so that its value is an object. */
    static boolean isGroup(String name) {
        return BY_NAME.keySet().stream().anyMatch(k -> k.startsWith(name + "."));
    }

    /**
     * The key that somebody who wrote this name is likely to have meant.
     *
     * @param name an unknown name
     * @return the full name of a key, never null
     */
    public static String nearest(String name) {
        String best = null;
        int bestDistance = Integer.MAX_VALUE;
        for (Key key : BY_NAME.values()) {
            int distance = distance(name, key);
            if (distance < bestDistance) {
                best = key.name();
                bestDistance = distance;
            }
        }
        return best;
    }

    /** How far a name is from a key: typing mistakes count one each, the right name at the wrong place two. */
    private static int distance(String name, Key key) {
        String last = name.substring(name.lastIndexOf('.') + 1);
        return Math.min(EditDistance.of(name, key.name()), EditDistance.of(last, key.lastPart()) + 2);
    }
}
