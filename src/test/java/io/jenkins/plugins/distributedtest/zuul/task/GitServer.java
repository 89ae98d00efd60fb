package io.jenkins.plugins.distributedtest.zuul.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.distributedtest.process.CommandResult;
import io.jenkins.plugins.distributedtest.process.Commands;
import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The repositories of a Zuul merger, in a directory, and a working copy to make commits with. */
public final class GitServer {
    public static final String PROJECT = "openstack/nova";

    private final Path root;
    private final Path copy;

    /** Makes the project with one commit on master. */
    public GitServer(Path root) throws Exception {
        this.root = Files.createDirectories(root);
        copy = root.resolve("copy");
        git(root, "init", "-q", "--bare", "-b", "master", bare().toString());
        git(root, "clone", "-q", bare().toString(), copy.toString());
        git(copy, "checkout", "-q", "-b", "master");
        commit("master", "first");
        push("master");
    }

    public Path bare() {
        return root.resolve("git").resolve(PROJECT);
    }

    /** What is ZUUL_URL. */
    public String url() {
        return "file://" + root.resolve("git");
    }

    public static String git(Path in, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "git", "-c", "user.name=Test", "-c", "user.email=test@localhost", "-c", "protocol.file.allow=always"));
        command.addAll(List.of(arguments));
        CommandResult result = Commands.run(ProcessSpec.of(command).directory(in), Duration.ofSeconds(60));
        assertThat(result.ok()).as("%s: %s", command, result.output()).isTrue();
        return result.stdout().strip();
    }

    public Path copy() {
        return copy;
    }

    /** Writes a text into the file {@code content} and commits it. */
    public String commit(String name, String content) throws Exception {
        Files.writeString(copy.resolve("content"), content + "\n");
        git(copy, "add", "-A");
        git(copy, "commit", "-q", "-m", name);
        return git(copy, "rev-parse", "HEAD");
    }

    public void push(String ref) throws Exception {
        git(copy, "push", "-q", "origin", "+HEAD:" + (ref.startsWith("refs/") ? ref : "refs/heads/" + ref));
    }

    /** A change on top of master as Zuul's merger offers it. */
    public Map<String, String> change(String content) throws Exception {
        git(copy, "checkout", "-q", "--detach", "master");
        String commit = commit("change " + content, content);
        String ref = "refs/zuul/master/Z" + commit.substring(0, 32);
        push(ref);
        Map<String, String> request = new LinkedHashMap<>();
        request.put("ZUUL_PROJECT", PROJECT);
        request.put("ZUUL_PIPELINE", "check");
        request.put("ZUUL_URL", url());
        request.put("ZUUL_BRANCH", "master");
        request.put("ZUUL_REF", ref);
        request.put("ZUUL_COMMIT", commit);
        request.put("LOG_PATH", "56/123456/2/check/" + commit.substring(0, 7));
        return request;
    }

    /** An update of a branch as Gerrit reports it. */
    public Map<String, String> update(String refname, String newrev) {
        Map<String, String> request = new LinkedHashMap<>();
        request.put("ZUUL_PROJECT", PROJECT);
        request.put("ZUUL_PIPELINE", "post");
        request.put("ZUUL_URL", url());
        request.put("ZUUL_REFNAME", refname);
        request.put("ZUUL_REF", refname);
        request.put("ZUUL_OLDREV", "a".repeat(40));
        request.put("ZUUL_NEWREV", newrev);
        request.put("ZUUL_COMMIT", newrev);
        request.put("LOG_PATH", newrev.substring(0, 2) + "/" + newrev + "/post");
        return request;
    }
}
