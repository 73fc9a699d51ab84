# Phòng chờ và phòng họp.
lobby-title = Trước khi vào họp
lobby-check = Máy ảnh, micrô và loa
lobby-preview = Hình ảnh của bạn
lobby-camera-off = Bật máy ảnh
lobby-no-picture = Máy ảnh của bạn đang tắt.
lobby-no-camera = Không có hình từ máy ảnh. Bạn vẫn có thể vào họp.
lobby-microphone-on = Tắt micrô
lobby-microphone-off = Bật micrô
lobby-camera-on = Tắt máy ảnh
lobby-level = Giọng của bạn
lobby-test-sound = Thử loa
lobby-mode = Bạn đang ở đâu?
lobby-mode-remote = Tôi dự họp từ xa
    .hint = Dùng máy ảnh và micrô của tôi
lobby-mode-in_person = Tôi có mặt tại hội trường
    .hint = Hội trường đã có máy ảnh và âm thanh; thiết bị của tôi tắt
lobby-hall = Hội trường đang dự họp
lobby-hall-name = { $name } · { $site }
lobby-hall-other = Địa điểm khác
lobby-hall-text = Máy ảnh, micrô và âm thanh của hội trường dùng chung cho mọi đại biểu tại đó. Trên thiết bị này, đại biểu theo dõi chương trình, đọc tài liệu, đăng ký phát biểu và biểu quyết.
lobby-hall-text-other = Đại biểu được ghi nhận dự họp trực tiếp. Máy ảnh và micrô của thiết bị này được tắt.
lobby-hall-none = Chưa có hội trường nào kết nối với cuộc họp.
lobby-join = Vào họp
lobby-listen = Chỉ xem và nghe
lobby-who = Người đã vào họp
lobby-who-count = { $count ->
    [0] Chưa có ai vào họp
   *[other] { $count } người đã vào họp
  }
lobby-who-more = và { $count } người khác

device-audioinput = Micrô
device-videoinput = Máy ảnh
device-audiooutput = Loa
device-unnamed = Thiết bị { $number }
device-microphone-denied = Trình duyệt không cho trang này dùng micrô. Hãy cho phép ở cạnh thanh địa chỉ rồi thử lại.
device-microphone-missing = Không tìm thấy micrô. Hãy cắm micrô, hoặc vào họp và chỉ nghe.
device-microphone-busy = Chương trình khác đang dùng micrô. Hãy đóng chương trình đó rồi thử lại.
device-microphone-failed = Không bật được micrô. Hãy thử lại hoặc chọn micrô khác.
device-camera-denied = Trình duyệt không cho trang này dùng máy ảnh. Hãy cho phép ở cạnh thanh địa chỉ, hoặc vào họp không dùng máy ảnh.
device-camera-missing = Không tìm thấy máy ảnh. Bạn vẫn có thể vào họp.
device-camera-busy = Chương trình khác đang dùng máy ảnh. Hãy đóng chương trình đó rồi thử lại, hoặc vào họp không dùng máy ảnh.
device-camera-failed = Không bật được máy ảnh. Hãy thử lại, chọn máy khác, hoặc vào họp không dùng máy ảnh.

room-title = Phòng họp
room-skip = Đến khung hình chính
room-stage = Khung hình chính
room-agenda = Chương trình
room-agenda-empty = Chương trình họp chưa có nội dung.
room-panel = Bảng bên
room-panel-show = Hiện bảng
room-panel-hide = Ẩn bảng
room-panel-close = Đóng bảng bên
room-people = Đại biểu
room-papers = Tài liệu
room-floor = Phát biểu
room-poll = Biểu quyết
room-poll-open-mark = đang mở
room-to-meeting = Đến trang cuộc họp
room-current-item = { $position }. { $title }
room-restricted = Hạn chế
room-restricted-item = Nội dung hạn chế
room-minutes = { $minutes } phút

room-quorum-met = Đủ túc số
room-quorum-missing = Chưa đủ túc số: thiếu { $missing }
room-quorum-figures = Có mặt { $present } trên { $entitled }, cần { $required }

room-connection-good = Đã kết nối
room-connection-reconnecting = Đang kết nối lại…
room-connection-joining = Đang nối âm thanh và hình ảnh…
room-connection-media-weak = Âm thanh và hình ảnh bị gián đoạn
room-connection-no-media = Không có âm thanh và hình ảnh
room-reconnecting = Đang khôi phục kết nối
room-reconnecting-text = Âm thanh và hình ảnh vẫn tiếp tục nếu có thể. Những gì bạn đã gửi được giữ lại; phiếu đang gửi sẽ tự động được gửi lại.
room-no-media = Hiện không có âm thanh và hình ảnh
room-no-media-text = Chương trình, tài liệu, phát biểu và biểu quyết vẫn tiếp tục. Âm thanh và hình ảnh sẽ tự trở lại.
room-sound-blocked = Trình duyệt đang chờ bạn cho phép phát âm thanh.
room-sound-play = Phát âm thanh

room-meeting-open = Khai mạc
room-meeting-suspend = Tạm dừng
room-meeting-resume = Họp tiếp
room-meeting-adjourn = Bế mạc
room-adjourn-title = Bế mạc cuộc họp?
room-adjourn-text = Cuộc họp kết thúc với tất cả mọi người và không thể mở lại; bước tiếp theo là biên bản.

room-controls = Điều khiển của bạn
room-microphone-on = Tắt micrô
room-microphone-off = Bật micrô
room-camera-on = Tắt máy ảnh
room-camera-off = Bật máy ảnh
room-screen-on = Dừng chia sẻ
room-screen-off = Chia sẻ màn hình
room-sound-on = Tắt tiếng
room-sound-off = Bật tiếng
room-shortcuts = Bàn phím
room-shortcuts-on = Dùng các phím này
room-leave = Rời họp
room-key-microphone = Bật hoặc tắt micrô
room-key-camera = Bật hoặc tắt máy ảnh
room-key-floor = Xin phát biểu hoặc rút lại
room-key-panel = Hiện hoặc ẩn bảng bên
room-key-poll = Đến phần biểu quyết
room-key-help = Trợ giúp này

room-nobody = Chưa có ai kết nối âm thanh và hình ảnh.
room-picture-of = Hình ảnh của { $name }
room-screen-of = Màn hình do { $name } trình chiếu
room-you = { $name } (bạn)
room-muted = Micrô tắt
room-speaking = Đang nói
room-has-floor = Đang phát biểu
room-pin = Phóng to { $name }
room-unpin = Thu nhỏ { $name }
room-mute-person = Tắt micrô của { $name }
room-person-connecting = Đang kết nối…
room-person-connected = Đã kết nối
room-person-disconnected = Kết nối bị gián đoạn
room-person-in-hall = Tại hội trường
room-person-in = Tại { $hall }
room-halls = Hội trường
room-hall-away = Chưa kết nối
room-in-hall = Đang dự họp tại { $hall }. Âm thanh và hình ảnh lấy từ hội trường.
room-person-no-media = Không có âm thanh và hình ảnh

room-no-site = Không thuộc điểm cầu
room-no-vote = không biểu quyết
room-present-of = có mặt { $present } trên { $total }
room-presence-present = Có mặt
room-presence-absent = Vắng mặt
room-presence-excused = Có lý do
room-presence-in_person = Tại hội trường
room-presence-remote = Từ xa
room-roll-call = Điểm danh { $name }
room-unknown-person = Không còn được mời

room-papers-none = Chưa có tài liệu
room-paper-facts = { $pages } trang · phiên bản { $version } · { $size } MB
room-paper-download = Tải xuống { $title }

room-item-current = Đang bàn
room-item-start = Bắt đầu
room-item-conclude = Kết luận
room-conclude-title = Kết luận: { $title }
room-conclude-how = Nội dung kết thúc thế nào?
room-conclude-decided = Đã quyết định
room-conclude-noted = Ghi nhận
room-conclude-deferred = Chuyển sang cuộc họp khác
room-conclude-withdrawn = Rút khỏi chương trình
room-conclude-pending = Để lại, bàn sau
room-conclude-outcome = Lời kết luận
    .hint = Sẽ đưa vào dự thảo biên bản.

room-floor-ask = Xin phát biểu
room-floor-withdraw = Rút lại
room-floor-finish = Kết thúc phát biểu
room-your-floor = Đã đến lượt phát biểu
room-your-floor-muted = Đã đến lượt phát biểu – vui lòng bật micrô
room-your-floor-heard = Micrô đang bật; mọi đại biểu đều nghe được.
room-your-floor-hall = Vui lòng dùng micrô tại { $hall }.
room-floor-now = Đang phát biểu
room-floor-free = Chưa có ai phát biểu.
room-floor-waiting = Danh sách đăng ký
room-floor-nobody = Không có ai chờ.
room-floor-grant = Mời phát biểu
room-floor-grant-to = Mời { $name } phát biểu
room-floor-end = Kết thúc
room-floor-end-of = Kết thúc lượt của { $name }
room-ask-turn = Xin phát biểu
room-ask-intervention = Xin trao đổi lại
room-ask-point_of_order = Ý kiến về trình tự
room-kind-intervention = Trao đổi lại
room-kind-point_of_order = Trình tự

room-polls-none = Chưa có biểu quyết
room-poll-new = Biểu quyết mới
room-poll-title = Nội dung
room-poll-question = Câu hỏi
room-poll-default-question = Các đại biểu có tán thành đề nghị này không?
room-poll-rules = Quy tắc cho lần biểu quyết này
room-rules-of-meeting = Theo quy chế của cuộc họp
room-poll-hidden = Chỉ hiện phiếu sau khi đóng
    .hint = Đến lúc đó mọi người thấy ai đã biểu quyết, nhưng không thấy lựa chọn.
room-poll-create = Tạo biểu quyết
room-poll-do-open = Mở biểu quyết
room-poll-do-close = Đóng biểu quyết
room-poll-draft = Chưa mở
room-poll-open = Đang mở
room-poll-closed = Đã đóng
room-poll-published = Kết quả
room-poll-quorum-lost = Cuộc họp mất túc số trong khi biểu quyết đang mở.
room-poll-not-entitled = Bạn không có quyền biểu quyết lần này.
room-poll-not-present = Chỉ người được ghi nhận có mặt mới biểu quyết được. Hãy đề nghị thư ký ghi nhận bạn.
room-poll-turnout = { $voted } trên { $total } đã biểu quyết
room-poll-names = Ai đã biểu quyết
room-poll-has-voted = đã biểu quyết
room-vote-label = Phiếu của bạn
room-vote-yes = Tán thành
room-vote-no = Không tán thành
room-vote-abstain = Không có ý kiến
room-vote-choose = Hãy chọn trước
room-vote-cast = Gửi phiếu: { $choice }
room-vote-sending = Đang gửi phiếu “{ $choice }”…
room-vote-recorded = Phiếu “{ $choice }” của bạn đã được ghi nhận
room-vote-recorded-hidden = Phiếu của bạn đã được ghi nhận
room-vote-receipt = Mã biên nhận:

room-left = Bạn đã rời cuộc họp
room-left-text = Máy ảnh và micrô đã tắt.
room-rejoin = Vào lại
room-continue-here = Tiếp tục tại đây
room-closed-taken_over = Bạn đã chuyển sang cửa sổ khác
    .text = Âm thanh và hình ảnh đang chạy ở đó. Ở đây mọi thứ đã tắt.
room-closed-removed = Bạn không còn trong cuộc họp này
    .text = Bạn đã được đưa ra, hoặc quyền tham dự đã hết. Nếu có nhầm lẫn, hãy gọi thư ký.
room-closed-ended = Phòng họp đã đóng
    .text = Âm thanh và hình ảnh đã kết thúc với tất cả mọi người.
room-closed-lost = Đã mất kết nối
    .text = Hãy vào lại để tiếp tục.

room-say-item = Chuyển sang nội dung { $position }: { $title }.
room-say-floor = { $name } phát biểu.
room-say-floor-yours = Mời bạn phát biểu. Hãy bật micrô.
room-say-floor-ended = Lượt phát biểu đã kết thúc.
room-say-floor-paused = Lượt phát biểu tạm dừng và sẽ được tiếp tục sau.
room-say-floor-free = Chưa có ai phát biểu.
room-say-poll-open = Biểu quyết đã mở: { $title }.
room-say-poll-result = Kết quả { $title }: { $verdict ->
    [carried] được thông qua
    [recast] biểu quyết lại
    [no_quorum] không đủ túc số
   *[lost] không được thông qua
  }.
room-say-quorum = Đã đủ túc số.
room-say-no-quorum = Đã mất túc số.
