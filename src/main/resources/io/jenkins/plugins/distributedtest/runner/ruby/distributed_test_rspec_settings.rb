# frozen_string_literal: true

module DistributedTest
  # What a test file changes of RSpec's settings for the files that come after it in its process.
  #
  # A focused example sets a filter (`filter_run_when_matching :focus`), and so can a file itself (`RSpec.configure` or
  # `RSpec.configuration` in it): with that filter every later file would run nothing and pass. Such a change cannot be
  # taken back one by one, so that the process is given up after the file. What a helper sets that the file requires is
  # no such change: it belongs to all files that require it, as in one `rspec` process.
  class RSpecSettings
    # They change with every file, or as a file is run.
    VOLATILE = %i[@reporter @loaded_spec_files @files_to_run @files_or_directories_to_run @spec_files_loaded
                  @start_time @seed @output_stream @error_stream @fail_fast @example_status_persistence
                  @last_run_statuses @spec_files_with_failures @expectation_frameworks].freeze
    PLAIN = [NilClass, TrueClass, FalseClass, Symbol, String, Numeric, Regexp].freeze
    # More than this many levels of collections in a setting are not looked into.
    DEPTH = 4

    def initialize(config)
      @config = config
      @known = nil
      watch
    end

    # A file is about to be loaded.
    def begin(path)
      @path = path
      @own = false
      @rules = rules
      # Looked at once before the first file: a file that changes them is the last of its process.
      @known ||= marks
    end

    # Whether the file has changed what decides about later ones.
    def changed?
      @own || marks != @known
    end

    # Whether a filter was set while the file was loaded, by itself or by an example of it.
    def filtered?
      rules != @rules
    end

    # The filters that there are now, for people.
    def filters
      rules.map { |kind, rules| rules.map { |key, value| "#{kind} #{key}: #{value.inspect}" } }.flatten.join(', ')
    end

    # Called around each RSpec.configure.
    def changing(block)
      return yield unless @known

      @own = true if block && path_of(block) == @path
      before = marks
      result = yield
      after = marks
      (before.keys | after.keys).each do |key|
        next if before[key] == after[key] || @known[key] != before[key]

        after[key].nil? ? @known.delete(key) : @known[key] = after[key]
      end
      result
    end

    private

    def watch
      settings = self
      RSpec.singleton_class.prepend(Module.new do
        define_method(:configure) { |&block| settings.changing(block) { super(&block) } }
      end)
    end

    def path_of(block)
      file = block.source_location.to_a[0]
      file && File.expand_path(file)
    end

    def rules
      manager = RSpec.world.filter_manager
      { only: manager.inclusions.rules.dup, without: manager.exclusions.rules.dup }
    end

    # By setting, something that is equal as long as the setting is the same.
    def marks
      found = { rules: rules.inspect, shared: own_shared_examples }
      @config.instance_variables.each do |name|
        found[name] = mark(@config.instance_variable_get(name), DEPTH) unless VOLATILE.include?(name)
      end
      found.reject { |_, mark| mark.nil? }
    end

    def mark(value, depth)
      case value
      when *PLAIN then value.is_a?(String) ? value.dup : value
      when Array then array(value, depth)
      when Hash then depth.zero? ? value.size : value.map { |key, each| [key.hash, mark(each, depth - 1)] }
      else repository(value, depth)
      end
    end

    # An empty list is as good as none: some are made when they are first asked for.
    def array(value, depth)
      return if value.empty?

      depth.zero? ? value.size : value.map { |each| mark(each, depth - 1) }
    end

    # Included modules, derived metadata and hooks lie in repositories that also keep what they have looked up. Other
    # objects are made when they are first asked for, and say nothing.
    def repository(value, depth)
      items = value.instance_variable_get(:@items_and_filters) if value.instance_variable_defined?(:@items_and_filters)
      return [:items, items.size] if items
      hooks(value, depth) if value.class.name.to_s.end_with?('HookCollections')
    end

    def hooks(value, depth)
      value.instance_variables.reject { |name| name == :@owner }.map do |name|
        [name, mark(value.instance_variable_get(name), depth - 1)]
      end.reject { |_, each| each.nil? }
    end

    # Shared examples at the top of the file itself: later files do not see them when they run alone.
    def own_shared_examples
      registry = RSpec.world.shared_example_group_registry
      groups = registry.send(:shared_example_groups)
      groups.values.map(&:values).flatten.count { |each| own?(each) }
    rescue NoMethodError
      0 # an older version keeps them otherwise
    end

    def own?(shared)
      block = shared.respond_to?(:definition) ? shared.definition : shared
      block.respond_to?(:source_location) && path_of(block) == @path
    end
  end
end
