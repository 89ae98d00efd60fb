package io.jenkins.plugins.distributedtest.mavenextension;

import java.io.File;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.maven.RepositoryUtils;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.project.DefaultDependencyResolutionRequest;
import org.apache.maven.project.DependencyResolutionException;
import org.apache.maven.project.MavenProject;
import org.apache.maven.project.ProjectDependenciesResolver;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;

/** The test class path of a module, as Surefire makes it. */
final class TestClassPath {
    private static final Pattern PLATFORM = Pattern.compile("junit-platform-(?:engine|commons)-(.+)\\.jar");
    private static final Pattern JUPITER = Pattern.compile("junit-jupiter-api-(.+)\\.jar");

    private final MavenSession session;
    private final MavenProject project;
    private final RepositorySystem repositories;
    private final ProjectDependenciesResolver dependencies;
    private List<String> resolved;

    TestClassPath(
            MavenSession session,
            MavenProject project,
            RepositorySystem repositories,
            ProjectDependenciesResolver dependencies) {
        this.session = session;
        this.project = project;
        this.repositories = repositories;
        this.dependencies = dependencies;
    }

    /**
     * Its elements.
     *
     * @param mainClasses where the classes under test are
     * @param vintage whether Surefire brings an engine for the tests of JUnit 4 in a project that has Jupiter, too
     */
    List<String> elements(String mainClasses, boolean vintage) throws DependencyResolutionException {
        List<String> elements = new ArrayList<>();
        elements.add(project.getBuild().getTestOutputDirectory());
        elements.add(mainClasses);
        elements.addAll(resolved());
        complete(elements, vintage);
        return elements;
    }

    /**
     * The module's dependencies, resolved anew: what the project itself tells at this point is only what the last goal
     * that ran has asked for, and that need not have been one that sees those of the tests.
     */
    private List<String> resolved() throws DependencyResolutionException {
        if (resolved == null) {
            Set<Artifact> artifacts = new LinkedHashSet<>();
            RepositoryUtils.toArtifacts(
                    artifacts,
                    dependencies
                            .resolve(new DefaultDependencyResolutionRequest(project, session.getRepositorySession()))
                            .getDependencyGraph()
                            .getChildren(),
                    Collections.singletonList(project.getArtifact().getId()),
                    null);
            resolved = new ArrayList<>();
            for (Artifact each : artifacts) {
                if (each.getArtifactHandler().isAddedToClasspath() && each.getFile() != null) {
                    resolved.add(each.getFile().getPath());
                }
            }
        }
        return resolved;
    }

    /** Adds what Surefire itself would fetch to run the tests: the launcher and the engines that go with the project's. */
    private void complete(List<String> classPath, boolean vintage) {
        String platform = version(classPath, PLATFORM);
        String jupiter = version(classPath, JUPITER);
        if (platform == null && jupiter != null) {
            platform = jupiter.replaceFirst("^5\\.", "1.");
        }
        complete(classPath, "org.junit.platform", "junit-platform-launcher", platform);
        complete(classPath, "org.junit.platform", "junit-platform-engine", platform);
        complete(classPath, "org.junit.jupiter", "junit-jupiter-engine", jupiter);
        if (vintage && has(classPath, "junit-4.")) {
            complete(classPath, "org.junit.vintage", "junit-vintage-engine", jupiter);
        }
    }

    private void complete(List<String> classPath, String group, String artifact, String version) {
        if (version != null && !has(classPath, artifact + "-")) {
            add(classPath, group + ":" + artifact + ":" + version);
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
