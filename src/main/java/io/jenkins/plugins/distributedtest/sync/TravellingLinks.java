package io.jenkins.plugins.distributedtest.sync;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the symbolic links of a tree such that they mean the same elsewhere, for a tree that travels by its content.
 *
 * <ul>
 *   <li>A link within the tree stays as it is; one that names a place in the tree by its absolute path becomes relative.
 *   <li>A link that leads out of the tree gets the absolute path that it leads to. It works on a host that has the same
 *       there, as with a virtual environment's {@code bin/python -> /usr/bin/python3}, and dangles elsewhere.
 * </ul>
 */
final class TravellingLinks {
    private TravellingLinks() {}

    /**
     * @param manifest a tree as it was read
     * @param directory where it was read
     * @return the same tree with links that can travel
     * @throws SyncException if it gets larger than can travel
     */
    static Manifest of(Manifest manifest, Path directory) throws SyncException {
        Path top = directory.toAbsolutePath().normalize();
        List<Manifest.Entry> entries = new ArrayList<>(manifest.entries().size());
        boolean changed = false;
        for (Manifest.Entry entry : manifest.entries()) {
            Manifest.Entry travelling = entry.kind() == Manifest.Kind.LINK ? travelling(entry, top) : entry;
            changed |= !travelling.equals(entry);
            entries.add(travelling);
        }
        return changed ? Manifest.of(entries) : manifest;
    }

    private static Manifest.Entry travelling(Manifest.Entry link, Path top) {
        Path place = top.resolve(link.path()).getParent();
        Path target = place.resolve(link.target()).normalize();
        if (Paths.staysInside(link.path(), link.target())) {
            return link;
        }
        String said = (target.startsWith(top) ? place.relativize(target) : target).toString();
        return new Manifest.Entry(link.path(), link.kind(), 0, null, said.isEmpty() ? "." : said);
    }
}
