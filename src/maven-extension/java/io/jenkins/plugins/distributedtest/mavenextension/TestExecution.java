package io.jenkins.plugins.distributedtest.mavenextension;

import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.model.Dependency;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.PluginParameterExpressionEvaluator;
import org.apache.maven.project.MavenProject;
import org.apache.maven.toolchain.Toolchain;
import org.apache.maven.toolchain.ToolchainManager;
import org.codehaus.plexus.util.xml.Xpp3Dom;

/** One execution of Surefire or Failsafe, with its configuration as it would see it. */
final class TestExecution {
    private static final String[] TEXTS =
            ("argLine skip skipTests skipITs skipExec groups excludedGroups jvm workingDirectory testSourceDirectory"
                            + " testClassesDirectory reuseForks forkCount enableAssertions includesFile excludesFile test"
                            + " rerunFailingTestsCount classpathDependencyScopeExclude useModulePath systemPropertiesFile"
                            + " failIfNoTests testFailureIgnore skipAfterFailureCount failOnFlakeCount")
                    .split(" ");

    private static final String[] LISTS =
            ("includes excludes additionalClasspathElements classpathDependencyExcludes suiteXmlFiles"
                            + " includeJUnit5Engines excludeJUnit5Engines excludedEnvironmentVariables")
                    .split(" ");

    private static final String[] MAPS =
            "systemPropertyVariables systemProperties environmentVariables properties".split(" ");

    /** What Surefire puts in when the tests run, such as JaCoCo's agent, by a property that a plugin sets. */
    private static final Pattern LATE = Pattern.compile("@\\{([^}]+)}");

    /** What the call of Maven that we are in brings itself. */
    private static final List<String> OWN =
            Arrays.asList("distributedtest.plan", "maven.ext.class.path", "style.color");

    private final MavenSession session;
    private final MavenProject project;
    private final MojoExecution mojo;
    private final ToolchainManager toolchains;
    private final PluginParameterExpressionEvaluator expressions;

    TestExecution(MavenSession session, MavenProject project, MojoExecution mojo, ToolchainManager toolchains) {
        this.session = session;
        this.project = project;
        this.mojo = mojo;
        this.toolchains = toolchains;
        expressions = new PluginParameterExpressionEvaluator(session, mojo);
    }

    void write(Properties told, String prefix, TestClassPath classPath) throws Exception {
        told.setProperty(prefix + "module", project.getBasedir().getAbsolutePath());
        told.setProperty(prefix + "goal", mojo.getArtifactId() + ":" + mojo.getGoal());
        told.setProperty(prefix + "id", mojo.getExecutionId());
        told.setProperty(prefix + "version", mojo.getVersion());
        for (String name : TEXTS) {
            String value = text(mojo.getConfiguration().getChild(name));
            if (value != null) {
                told.setProperty(prefix + name, late(value));
            }
        }
        if (told.getProperty(prefix + "jvm", "").isEmpty()) {
            told.setProperty(prefix + "jvm", javaOfToolchain());
        }
        for (String name : LISTS) {
            list(told, prefix + name, values(mojo.getConfiguration().getChild(name)));
        }
        for (String name : MAPS) {
            map(told, prefix + name, mojo.getConfiguration().getChild(name));
        }
        told.setProperty(prefix + "vintage", String.valueOf(bringsVintage()));
        told.setProperty(
                prefix + "localRepository", session.getLocalRepository().getBasedir());
        list(told, prefix + "providers", providers());
        list(told, prefix + "testSourceRoots", project.getTestCompileSourceRoots());
        list(
                told,
                prefix + "scanned",
                classPath.scanned(values(mojo.getConfiguration().getChild("dependenciesToScan"))));
        list(told, prefix + "classPath", classPath.elements(mainClasses(), bringsVintage() || isByJUnit4(), choice()));
        userProperties(told, prefix + "userProperties");
    }

    /**
     * The JVM of the toolchain that Surefire takes: the one that it is told, else the one that maven-toolchains-plugin has
     * chosen for the module. Empty if there is none, or it is the JVM that Maven itself runs in.
     */
    private String javaOfToolchain() throws Exception {
        Xpp3Dom asked = mojo.getConfiguration().getChild("jdkToolchain");
        Toolchain toolchain = null;
        if (asked != null && asked.getChildCount() > 0) {
            Map<String, String> requirements = new HashMap<>();
            for (Xpp3Dom each : asked.getChildren()) {
                requirements.put(each.getName(), text(each));
            }
            List<Toolchain> found = toolchains.getToolchains(session, "jdk", requirements);
            toolchain = found.isEmpty() ? null : found.get(0);
        }
        toolchain = toolchain != null ? toolchain : toolchains.getToolchainFromBuildContext("jdk", session);
        String java = toolchain == null ? null : toolchain.findTool("java");
        File ours = new File(System.getProperty("java.home"), "bin/java");
        boolean other = java != null && !new File(java).getCanonicalPath().equals(ours.getCanonicalPath());
        return other ? java : "";
    }

    /** Whether this Surefire brings an engine for the tests of JUnit 4 in a project that has Jupiter, too. */
    private boolean bringsVintage() {
        return !mojo.getVersion().matches("[12]\\..*|3\\.[0-5]\\..*");
    }

    /** The providers that the build names as dependencies of the plugin: Surefire runs all of these, and no other. */
    private List<String> providers() {
        List<String> providers = new ArrayList<>();
        for (Dependency each : mojo.getPlugin().getDependencies()) {
            if ("org.apache.maven.surefire".equals(each.getGroupId())) {
                providers.add(each.getArtifactId());
            }
        }
        return providers;
    }

    /** Whether tests of JUnit 4 run also where the project has Jupiter, too. */
    private boolean isByJUnit4() {
        return providers().contains("surefire-junit4") || providers().contains("surefire-junit47");
    }

    private DependencyChoice choice() throws Exception {
        Xpp3Dom scope = mojo.getConfiguration().getChild("classpathDependencyScopeExclude");
        List<Dependency> more = new ArrayList<>();
        Xpp3Dom given = mojo.getConfiguration().getChild("additionalClasspathDependencies");
        for (Xpp3Dom each : given == null ? new Xpp3Dom[0] : given.getChildren()) {
            Dependency dependency = new Dependency();
            dependency.setGroupId(text(each.getChild("groupId")));
            dependency.setArtifactId(text(each.getChild("artifactId")));
            dependency.setVersion(text(each.getChild("version")));
            dependency.setClassifier(text(each.getChild("classifier")));
            String type = text(each.getChild("type"));
            dependency.setType(type == null ? "jar" : type);
            more.add(dependency);
        }
        return new DependencyChoice(
                values(mojo.getConfiguration().getChild("classpathDependencyExcludes")), text(scope), more);
    }

    /** What Failsafe (3 and later) tests is the module's archive once there is one, Surefire its classes. */
    private String mainClasses() throws Exception {
        String set = text(mojo.getConfiguration().getChild("classesDirectory"));
        File archive = project.getArtifact().getFile();
        boolean archived = "maven-failsafe-plugin".equals(mojo.getArtifactId())
                && archive != null
                && archive.isFile()
                && archive.getName().toLowerCase(Locale.ROOT).endsWith(".jar");
        return set != null
                ? set
                : archived ? archive.getAbsolutePath() : project.getBuild().getOutputDirectory();
    }

    /** Surefire hands on to the tests what was given to Maven by {@code -D}, also in {@code .mvn/maven.config}. */
    private void userProperties(Properties told, String key) {
        int index = 0;
        for (String name : session.getUserProperties().stringPropertyNames()) {
            if (!OWN.contains(name)) {
                told.setProperty(key + "." + index + ".name", name);
                told.setProperty(
                        key + "." + index++ + ".value",
                        session.getUserProperties().getProperty(name));
            }
        }
    }

    private static void list(Properties told, String key, List<String> values) {
        for (int i = 0; i < values.size(); i++) {
            told.setProperty(key + "." + i, values.get(i));
        }
    }

    private void map(Properties told, String key, Xpp3Dom map) throws Exception {
        if (map == null) {
            return;
        }
        int index = 0;
        for (Xpp3Dom entry : map.getChildren()) {
            // systemProperties and properties have <property><name>, the others an element per name.
            Xpp3Dom name = entry.getChild("name");
            String value = text(name == null ? entry : entry.getChild("value"));
            told.setProperty(key + "." + index + ".name", name == null ? entry.getName() : text(name));
            told.setProperty(key + "." + index++ + ".value", value == null ? "" : late(value));
        }
    }

    private List<String> values(Xpp3Dom list) throws Exception {
        List<String> values = new ArrayList<>();
        if (list == null) {
            return values;
        }
        if (list.getChildCount() == 0) {
            String all = text(list);
            if (all != null && !all.isEmpty()) {
                for (String each : all.split(",")) {
                    values.add(each.trim());
                }
            }
        }
        for (Xpp3Dom each : list.getChildren()) {
            String value = text(each);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    private String text(Xpp3Dom element) throws Exception {
        if (element == null) {
            return null;
        }
        String raw = element.getValue() != null ? element.getValue() : element.getAttribute("default-value");
        Object value = raw == null ? null : expressions.evaluate(raw);
        if (value == null && element.getAttribute("default-value") != null) {
            value = expressions.evaluate(element.getAttribute("default-value"));
        }
        return value == null ? null : String.valueOf(value);
    }

    private String late(String text) {
        Matcher matcher = LATE.matcher(text);
        StringBuffer whole = new StringBuffer();
        while (matcher.find()) {
            String name = matcher.group(1);
            String value = session.getUserProperties().getProperty(name);
            value = value != null ? value : project.getProperties().getProperty(name);
            value = value != null ? value : session.getSystemProperties().getProperty(name);
            matcher.appendReplacement(whole, Matcher.quoteReplacement(value == null ? matcher.group() : value));
        }
        return matcher.appendTail(whole).toString();
    }
}
