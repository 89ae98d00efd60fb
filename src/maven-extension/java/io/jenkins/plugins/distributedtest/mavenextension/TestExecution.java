package io.jenkins.plugins.distributedtest.mavenextension;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.PluginParameterExpressionEvaluator;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;

/** One execution of Surefire or Failsafe, with its configuration as it would see it. */
final class TestExecution {
    private static final String[] TEXTS =
            ("argLine skip skipTests skipITs skipExec groups excludedGroups jvm workingDirectory testSourceDirectory"
                            + " testClassesDirectory reuseForks forkCount enableAssertions includesFile excludesFile test")
                    .split(" ");

    private static final String[] LISTS =
            ("includes excludes additionalClasspathElements classpathDependencyExcludes suiteXmlFiles dependenciesToScan")
                    .split(" ");

    private static final String[] MAPS =
            "systemPropertyVariables systemProperties environmentVariables properties".split(" ");

    /** What Surefire puts in when the tests run, such as JaCoCo's agent, by a property that a plugin sets. */
    private static final Pattern LATE = Pattern.compile("@\\{([^}]+)}");

    private static final Pattern PLATFORM = Pattern.compile("junit-platform-(?:engine|commons)-(.+)\\.jar");
    private static final Pattern JUPITER = Pattern.compile("junit-jupiter-api-(.+)\\.jar");

    private final MavenSession session;
    private final MavenProject project;
    private final MojoExecution mojo;
    private final RepositorySystem repositories;
    private final PluginParameterExpressionEvaluator expressions;

    TestExecution(MavenSession session, MavenProject project, MojoExecution mojo, RepositorySystem repositories) {
        this.session = session;
        this.project = project;
        this.mojo = mojo;
        this.repositories = repositories;
        expressions = new PluginParameterExpressionEvaluator(session, mojo);
    }

    void write(Properties told, String prefix) throws Exception {
        told.setProperty(prefix + "module", project.getBasedir().getAbsolutePath());
        told.setProperty(prefix + "goal", mojo.getArtifactId() + ":" + mojo.getGoal());
        told.setProperty(prefix + "id", mojo.getExecutionId());
        for (String name : TEXTS) {
            String value = text(mojo.getConfiguration().getChild(name));
            if (value != null) {
                told.setProperty(prefix + name, late(value));
            }
        }
        for (String name : LISTS) {
            list(told, prefix + name, values(mojo.getConfiguration().getChild(name)));
        }
        for (String name : MAPS) {
            map(told, prefix + name, mojo.getConfiguration().getChild(name));
        }
        list(told, prefix + "testSourceRoots", project.getTestCompileSourceRoots());
        List<String> classPath = new ArrayList<>(project.getTestClasspathElements());
        complete(classPath);
        list(told, prefix + "classPath", classPath);
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
            matcher.appendReplacement(whole, Matcher.quoteReplacement(value == null ? "" : value));
        }
        return matcher.appendTail(whole).toString();
    }

    /** Adds what Surefire itself would fetch to run the tests: the launcher and the engine that go with the project's. */
    private void complete(List<String> classPath) {
        String platform = version(classPath, PLATFORM);
        String jupiter = version(classPath, JUPITER);
        if (platform == null && jupiter != null) {
            platform = jupiter.replaceFirst("^5\\.", "1.");
        }
        if (platform != null && !has(classPath, "junit-platform-launcher-")) {
            add(classPath, "org.junit.platform:junit-platform-launcher:" + platform);
        }
        if (platform != null && !has(classPath, "junit-platform-engine-")) {
            add(classPath, "org.junit.platform:junit-platform-engine:" + platform);
        }
        if (jupiter != null && !has(classPath, "junit-jupiter-engine-")) {
            add(classPath, "org.junit.jupiter:junit-jupiter-engine:" + jupiter);
        }
    }

    private void add(List<String> classPath, String coordinates) {
        ArtifactRequest request =
                new ArtifactRequest(new DefaultArtifact(coordinates), project.getRemoteProjectRepositories(), null);
        try {
            classPath.add(repositories
                    .resolveArtifact(session.getRepositorySession(), request)
                    .getArtifact()
                    .getFile()
                    .getAbsolutePath());
        } catch (ArtifactResolutionException e) {
            return; // the listener looks for it, too, and says what is missing
        }
    }

    private static boolean has(List<String> classPath, String start) {
        for (String entry : classPath) {
            if (new File(entry).getName().startsWith(start)) {
                return true;
            }
        }
        return false;
    }

    private static String version(List<String> classPath, Pattern jar) {
        for (String entry : classPath) {
            Matcher matcher = jar.matcher(new File(entry).getName());
            if (matcher.matches()) {
                return matcher.group(1);
            }
        }
        return null;
    }
}
