package io.jenkins.plugins.distributedtest.packaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is in the plugin, as it was built. */
class PluginArchiveIT {
    private static final Path HPI = Path.of("target", "distributed-test.hpi");
    private static final String ROOT = "io/jenkins/plugins/distributedtest/";
    private static final String OWN_JAR = "WEB-INF/lib/distributed-test.jar";
    private static final String PROGRAM = "WEB-INF/cli/distributed-test-cli.jar";

    @TempDir
    private static Path directory;

    private static Path ownJar;
    private static Path program;

    @BeforeAll
    static void unpack() throws IOException {
        assertThat(HPI).isRegularFile();
        ownJar = unpack(OWN_JAR);
        program = unpack(PROGRAM);
    }

    private static Path unpack(String name) throws IOException {
        try (ZipFile hpi = new ZipFile(HPI.toFile())) {
            assertThat(hpi.getEntry(name)).as(name).isNotNull();
            Path file = directory.resolve(name.substring(name.lastIndexOf('/') + 1));
            Files.write(file, hpi.getInputStream(hpi.getEntry(name)).readAllBytes());
            return file;
        }
    }

    private static Set<String> names(Path archive) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            Set<String> names = new TreeSet<>();
            for (Enumeration<? extends ZipEntry> each = zip.entries(); each.hasMoreElements(); ) {
                ZipEntry entry = each.nextElement();
                if (!entry.isDirectory()) {
                    names.add(entry.getName());
                }
            }
            return names;
        }
    }

    private static String text(Path archive, String name) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            assertThat(zip.getEntry(name)).as(name).isNotNull();
            return new String(zip.getInputStream(zip.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void theManifestSaysWhatJenkinsNeedsToKnow() throws Exception {
        Attributes manifest;
        try (JarFile hpi = new JarFile(HPI.toFile())) {
            manifest = hpi.getManifest().getMainAttributes();
        }
        Poms poms = Poms.read();
        assertThat(manifest.getValue("Short-Name")).isEqualTo("distributed-test");
        assertThat(manifest.getValue("Long-Name")).isEqualTo(poms.here().text("name"));
        assertThat(manifest.getValue("Plugin-Version")).isEqualTo(poms.here().text("version"));
        assertThat(manifest.getValue("Jenkins-Version")).isEqualTo("2.528.3");
        assertThat(manifest.getValue("Minimum-Java-Version")).isEqualTo("17");
        assertThat(manifest.getValue("Url")).isEqualTo(poms.here().text("url"));
        assertThat(manifest.getValue("Plugin-License-Name")).contains("MIT");
        assertThat(manifest.getValue("Plugin-License-Url")).isEqualTo("https://opensource.org/licenses/MIT");
        assertThat(manifest.getValue("Plugin-Dependencies").split(","))
                .containsExactlyInAnyOrderElementsOf(poms.jenkins().pluginDependencies());
    }

    @Test
    void theLibrariesAreOnlyThoseThatJenkinsDoesNotHave() throws Exception {
        List<String> libraries = names(HPI).stream()
                .filter(each -> each.startsWith("WEB-INF/lib/"))
                .map(each -> each.substring("WEB-INF/lib/".length()).replaceAll("-[0-9].*", ""))
                .toList();
        assertThat(libraries)
                .containsExactlyInAnyOrder(
                        "distributed-test.jar",
                        "amqp-client",
                        "gearman-java",
                        "micrometer-core",
                        "micrometer-commons",
                        "micrometer-observation",
                        "HdrHistogram",
                        "LatencyUtils");
    }

    @Test
    void thereIsNothingButLibrariesAndTheProgram() throws Exception {
        assertThat(names(HPI))
                .allMatch(each ->
                        each.equals("META-INF/MANIFEST.MF") || each.startsWith("WEB-INF/lib/") || each.equals(PROGRAM));
    }

    @Test
    void theExtensionsAreIndexed() throws Exception {
        assertThat(names(ownJar)).contains("META-INF/annotations/hudson.Extension");
        assertThat(text(ownJar, "META-INF/annotations/hudson.Extension.txt"))
                .contains("io.jenkins.plugins.distributedtest.jenkins.config.DistributedTestConfiguration");
    }

    @Test
    void staplerKnowsTheNamesOfParameters() throws Exception {
        assertThat(text(ownJar, ROOT + "jenkins/broker/Broker.stapler")).contains("constructor=name");
        assertThat(text(ownJar, ROOT + "jenkins/broker/Broker/DescriptorImpl/doTestConnection.stapler"))
                .startsWith("uri,host,port");
    }

    @Test
    void noStubAndNoTestIsPackaged() throws Exception {
        assertThat(names(ownJar)).allMatch(each -> !each.endsWith(".class") || each.startsWith(ROOT));
        assertThat(names(ownJar)).noneMatch(each -> each.startsWith(ROOT + "testing/") || each.endsWith("IT.class"));
        assertThat(names(program)).noneMatch(each -> each.startsWith("hudson/") || each.startsWith("org/kohsuke/"));
    }

    @Test
    void pagesAndHelpAreBesideTheirClasses() throws Exception {
        assertThat(names(ownJar))
                .contains(
                        "index.jelly",
                        ROOT + "jenkins/config/DistributedTestConfiguration/config.jelly",
                        ROOT + "jenkins/broker/Broker/config.jelly",
                        ROOT + "jenkins/broker/Broker/help-uri.html");
    }

    @Test
    void whatOnlyTheProgramNeedsIsNotInThePlugin() throws Exception {
        assertThat(names(ownJar)).hasSizeGreaterThan(200);
        assertThat(names(ownJar))
                .noneMatch(each -> each.startsWith(ROOT + "cli/")
                        || each.startsWith(ROOT + "runner/junit/")
                        || each.startsWith(ROOT + "broker/"));
    }

    @Test
    void theProgramIsTheOneThatWasBuiltAndKnowsNothingOfJenkins() throws Exception {
        assertThat(program).hasSameBinaryContentAs(Path.of("target", "distributed-test-cli.jar"));
        assertThat(names(program)).noneMatch(each -> each.startsWith(ROOT + "jenkins/"));
        assertThat(names(program)).contains(ROOT + "cli/Main.class", ROOT + "broker/EmbeddedBroker.class");
    }

    @Test
    void noTwoLibrariesHoldTheSameClass() throws Exception {
        Set<String> seen = new TreeSet<>();
        Set<String> twice = new TreeSet<>();
        for (String library : names(HPI)) {
            if (library.startsWith("WEB-INF/lib/")) {
                for (String name : classes(library)) {
                    if (!seen.add(name)) {
                        twice.add(name);
                    }
                }
            }
        }
        assertThat(seen).isNotEmpty();
        assertThat(twice).isEmpty();
    }

    private static Set<String> classes(String library) throws IOException {
        try (ZipFile hpi = new ZipFile(HPI.toFile());
                JarInputStream jar = new JarInputStream(new ByteArrayInputStream(
                        hpi.getInputStream(hpi.getEntry(library)).readAllBytes()))) {
            Set<String> classes = new TreeSet<>();
            for (ZipEntry each = jar.getNextEntry(); each != null; each = jar.getNextEntry()) {
                if (each.getName().endsWith(".class")
                        && !each.getName().contains("META-INF")
                        && !each.getName().equals("module-info.class")) {
                    classes.add(each.getName());
                }
            }
            return classes;
        }
    }
}
