package io.jenkins.plugins.distributedtest.mavenextension;

import java.util.List;
import java.util.regex.Pattern;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.artifact.resolver.filter.ScopeArtifactFilter;
import org.apache.maven.model.Dependency;

/**
 * What an execution of Surefire takes from its module's test dependencies, and adds to them: its parameters
 * {@code classpathDependencyExcludes}, {@code classpathDependencyScopeExclude} and
 * {@code additionalClasspathDependencies}.
 */
final class DependencyChoice {
    private final List<String> excludes;
    private final ScopeArtifactFilter excludedScope;
    private final List<Dependency> more;

    /**
     * @param excludes patterns of {@code group:artifact:type:version}, each part with wildcards, the last ones may lack
     * @param excludedScope what a class path of this scope has is left out; null for nothing
     * @param more what is added, with what it depends on
     */
    DependencyChoice(List<String> excludes, String excludedScope, List<Dependency> more) {
        this.excludes = excludes;
        this.excludedScope =
                excludedScope == null || excludedScope.isEmpty() ? null : new ScopeArtifactFilter(excludedScope);
        this.more = more;
    }

    /** Whether the tests see an artifact. */
    boolean takes(Artifact artifact) {
        if (excludedScope != null && excludedScope.include(artifact)) {
            return false;
        }
        for (String each : excludes) {
            if (matches(each, artifact.getType(), artifact.getVersion(), artifact)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether an artifact fits one of the patterns of {@code dependenciesToScan}: {@code group:artifact}, then the type, then
     * the classifier, the version, or both.
     */
    static boolean isOneOf(List<String> patterns, Artifact artifact) {
        String classifier = artifact.getClassifier() == null ? "" : artifact.getClassifier();
        for (String each : patterns) {
            if (matches(each, artifact.getType(), artifact.getVersion(), artifact)
                    || matches(each, artifact.getType(), classifier, artifact)
                    || matches(each, artifact.getType() + ":" + classifier, artifact.getVersion(), artifact)) {
                return true;
            }
        }
        return false;
    }

    /** What is added. */
    List<Dependency> more() {
        return more;
    }

    private static boolean matches(String pattern, String type, String last, Artifact artifact) {
        String[] parts = pattern.trim().split(":");
        String[] own =
                (artifact.getGroupId() + ":" + artifact.getArtifactId() + ":" + type + ":" + last).split(":", -1);
        if (parts.length > own.length) {
            return false;
        }
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i].isEmpty() ? "*" : parts[i];
            String regex = "\\Q" + part.replace("\\E", "").replace("*", "\\E.*\\Q") + "\\E";
            if (!Pattern.matches(regex, own[i])) {
                return false;
            }
        }
        return true;
    }
}
