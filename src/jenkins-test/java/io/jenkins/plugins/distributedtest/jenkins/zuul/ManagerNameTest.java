package io.jenkins.plugins.distributedtest.jenkins.zuul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import hudson.model.FreeStyleProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** A Gearman server never forgets the name of a function, so a Jenkins has one manager's name, however often it starts. */
class ManagerNameTest {
    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @TempDir
    private Path directory;

    private final TreeSet<String> seen = new TreeSet<>();

    private ZuulWorld world;

    @AfterEach
    void leave() throws Exception {
        if (world != null) {
            world.close();
        }
    }

    /** Serves the job, and notes under which managers' names. */
    private void served(JenkinsRule jenkins, GearmanServerEntry... entries) throws Exception {
        if (jenkins.jenkins.getItem("app") == null) {
            jenkins.createProject(FreeStyleProject.class, "app");
        }
        world.serve(entries);
        world.awaitJobs("app");
        await().atMost(ZuulWorld.LONG).until(() -> managers().size() == entries.length);
        seen.addAll(managers());
    }

    /** Those that are there now. */
    private TreeSet<String> managers() throws IOException {
        TreeSet<String> names = new TreeSet<>();
        world.zuul.functions().stream()
                .filter(function -> function.startsWith("stop:"))
                .forEach(names::add);
        return names;
    }

    @Test
    void aJenkinsHasOneNameHoweverOftenItStartsAndACopyOfItsHomeAnother() throws Throwable {
        world = new ZuulWorld(directory);
        sessions.then(jenkins -> served(jenkins, world.entry()));
        assertThat(seen).hasSize(1);
        sessions.then(jenkins -> served(jenkins, world.entry()));
        assertThat(seen).hasSize(1);
        // Another entry for the same server, at the same time, has a name of its own, and keeps it.
        sessions.then(jenkins -> served(jenkins, world.entry(), world.entry()));
        assertThat(seen).hasSize(2);
        copyNames(sessions.getHome().toPath().resolve("distributed-test-zuul"));
        sessions.then(jenkins -> served(jenkins, world.entry()));
        assertThat(seen).hasSize(3);
    }

    /** As in a copy of the home, each file is another one with the same content. */
    private static void copyNames(Path directory) throws IOException {
        List<Path> names;
        try (Stream<Path> all = Files.walk(directory)) {
            names = all.filter(Files::isRegularFile).toList();
        }
        assertThat(names).isNotEmpty();
        for (Path each : names) {
            Path copy = each.resolveSibling(each.getFileName() + ".copy");
            Files.copy(each, copy);
            Files.delete(each);
            Files.move(copy, each);
        }
    }
}
